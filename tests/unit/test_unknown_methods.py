"""What a newer version has put into an account is read, counts for nothing here and stays as it was."""

from datetime import timedelta
from typing import Any

import pytest

from security_info import belonging, managing, proving, views
from security_info.methods import UnknownMethod
from security_info.model import CHALLENGE_LIFETIME, SecurityInfo
from shared.contracts import security_info as contract
from shared.testing import facts_at
from tests.unit.asking_for_proof import APP, LATER, answered, asked
from tests.unit.furnished import ANYTHING, CODES, NOW, confirmed, member_of, right_code, started, with_methods

PIGEON = {
    "type": "carrier-pigeon",
    "name": "Pigeon",
    "started_at": NOW.now,
    "confirmed_at": NOW.now,
    "wings": {"left": 1, "right": [b"2"]},
}
HATCHING = {"type": "carrier-pigeon", "started_at": NOW.now, "hatches": "soon"}
CHALLENGE = {"session": "s1", "scopes": list(contract.SCOPES), "expires_at": LATER.now + CHALLENGE_LIFETIME}
METHODS = {"pigeon": PIGEON, "egg": HATCHING}


def newer(info: SecurityInfo | None = None, **challenges: dict[str, Any]) -> SecurityInfo:
    """Give an account with methods of an unknown type, one of them not set up yet, as the database would."""
    before = info or SecurityInfo()
    kept = {id_: CHALLENGE | challenge for id_, challenge in challenges.items()}
    added = SecurityInfo.model_validate({"methods": METHODS, "challenges": kept})
    return before.changed(methods={**before.methods, **added.methods}, challenges=added.challenges)


def kept_as_it_was(info: SecurityInfo) -> bool:
    return all(info.methods[id_].model_dump().items() >= method.items() for id_, method in METHODS.items())


def test_it_is_read_and_counts_for_nothing():
    info = newer()
    assert isinstance(info.methods["pigeon"], UnknownMethod)
    assert info.confirmed() == info.proving() == info.keys() == {}
    shown = views.security_info(info, ANYTHING(info.organizations()), NOW.now)
    assert shown.methods == ()
    assert [need.registered for need in shown.needs] == [0, 0]
    assert (shown.proof.methods, shown.proof.otherwise) == ((), "sign_in")
    assert views.locks(info, NOW.now).locks == ()
    assert asked(info).news[0].means == "sign-in"


@pytest.mark.parametrize("method_id", list(METHODS))
def test_it_is_not_found(method_id: str):
    info = newer()
    for ask in (
        lambda: managing.rename(info, NOW, method_id=method_id, name="x"),
        lambda: managing.remove(info, NOW, method_id=method_id, policies=ANYTHING),
        lambda: managing.set_default(info, NOW, method_id=method_id),
        lambda: started(info, replaces=method_id),
        lambda: asked(info, method_id),
        lambda: info.setup(method_id, NOW.now),
        lambda: views.method(info, method_id, ANYTHING([]), NOW.now),
    ):
        with pytest.raises(contract.MethodNotFound):
            ask()


def test_it_stays_as_it_was_whatever_else_is_done():
    info, (app,) = with_methods(APP)
    info = newer(info)
    much_later = facts_at(LATER.now + timedelta(days=1), chance=7)
    for step in (
        lambda: started(info, chance=4)[0],
        lambda: confirmed(*started(info, chance=5)).state,
        lambda: managing.rename(info, NOW, method_id=app, name="Renamed").state,
        lambda: managing.remove(info, NOW, method_id=app, policies=ANYTHING).state,
        lambda: managing.lift_locks(info, NOW).state,
        lambda: belonging.note_standing(info, NOW, disabled=True, sequence="1").state,
        lambda: member_of("contoso", info=info),
        lambda: asked(info, app, much_later).state,
        lambda: SecurityInfo.model_validate(newer().model_dump()),
    ):
        assert kept_as_it_was(step())


def test_a_setup_of_an_unknown_type_is_neither_ended_nor_pushed_out_by_ours():
    info = newer()
    for chance in range(2, 12):
        info, _ = started(info, chance=chance)
    assert kept_as_it_was(info)


def test_a_challenge_of_an_unknown_kind_is_kept_and_answered_by_nothing():
    info, (app, codes) = with_methods(APP, "recovery-codes")
    strange = {
        "strange": {"kind": "telepathy", "method_id": app, "thought": "42"},
        "swapped": {"kind": "recovery_code", "method_id": app},
        "flown": {"kind": "code", "method_id": "pigeon"},
        "nobody": {"kind": "telepathy", "method_id": None},
    }
    info = newer(info, **strange)
    right = right_code(info, app, LATER)
    for id_ in strange:
        for code in (right, CODES[0], "coo"):
            with pytest.raises(contract.ChallengeEnded):
                answered(info, id_, code)
        assert len(proving.secrets_for(id_, info)) <= 1
    state = asked(info, codes).state
    assert state.challenges["strange"].model_dump()["thought"] == "42"
    assert set(strange) < set(state.challenges)
