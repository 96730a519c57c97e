"""Who has no method proves it by a recent sign-in, or by the code that the organization gave."""

from datetime import timedelta

import pytest

from security_info import proving
from security_info.methods import codes
from security_info.model import SecurityInfo
from shared.contracts import security_info as contract
from shared.contracts.organizations import AccountNotFound
from shared.testing import facts_at
from tests.unit.asking_for_proof import APP, LATER, after_minutes, answered, asked, challenged
from tests.unit.furnished import (
    NOW,
    member_of,
    policies,
    policy,
    with_methods,
)


def with_access_code(info: SecurityInfo, code: str = "ACCESS") -> SecurityInfo:
    lifetime = timedelta(hours=1)
    known = member_of("contoso", info=info)
    return proving.issue_access_code(known, NOW, digest=codes.digest(code), lifetime=lifetime).state


def test_no_access_code_is_issued_for_an_account_that_nobody_knows():
    with pytest.raises(AccountNotFound):
        proving.issue_access_code(SecurityInfo(), NOW, digest=b"", lifetime=timedelta(hours=1))


@pytest.mark.parametrize("age", [-30, 0, 600])
def test_without_a_method_a_recent_sign_in_is_proof(age: int):
    decision = asked(SecurityInfo(), auth_time=int(LATER.now.timestamp()) - age)
    assert decision.answer["proof"]["session"] == "s1"
    assert (decision.news[0].method_id, decision.news[0].means) == (None, "sign-in")


@pytest.mark.parametrize("age", [-31, 601, None])
def test_another_sign_in_is_none(age: int | None):
    auth_time = None if age is None else int(LATER.now.timestamp()) - age
    with pytest.raises(contract.SignInTooOld) as refused:
        asked(SecurityInfo(), auth_time=auth_time)
    assert refused.value.max_age == 600


def test_with_a_method_a_sign_in_is_not_enough():
    with pytest.raises(contract.MethodCannotProve):
        asked(with_methods(APP)[0])


def test_an_organization_may_ask_for_its_code_instead_of_a_sign_in():
    strict = policies(contoso=policy(first_proof="temporary_access_code"))
    with pytest.raises(contract.AccessCodeNeeded) as refused:
        asked(member_of("contoso", "fabrikam"), policies=strict)
    assert refused.value.organizations == ["contoso"]


def test_only_the_home_organization_can_ask_for_its_code_as_only_it_can_issue_one():
    strict = policies(fabrikam=policy(first_proof="temporary_access_code"))
    assert asked(member_of("contoso", "fabrikam"), policies=strict).news[0].means == "sign-in"
    moved = member_of("fabrikam", "contoso")
    with pytest.raises(contract.AccessCodeNeeded) as refused:
        asked(moved, policies=strict)
    assert refused.value.organizations == ["fabrikam"]


def test_who_belongs_nowhere_has_nobody_to_ask_for_a_code():
    strict = policies(nobody=policy(first_proof="temporary_access_code"))
    assert asked(SecurityInfo(), policies=strict).news[0].means == "sign-in"


@pytest.mark.parametrize("types", [(), (APP,)])
def test_an_access_code_proves_once_whatever_else_there_is(types: tuple[str, ...]):
    info = with_access_code(with_methods(*types)[0])
    state, one = challenged(info, None)
    state, other = challenged(state, None, after_minutes(0))
    decision = answered(state, one, "access")
    assert (decision.answer["proof"]["amr"], decision.news[0].means) == (["otp"], "access-code")
    assert decision.state.access_code is None
    with pytest.raises(contract.ChallengeEnded):
        answered(decision.state, other, "access")


def test_the_fifth_wrong_access_code_voids_it():
    state, challenge = challenged(with_access_code(SecurityInfo()), None)
    for left in (4, 3, 2, 1):
        decision = answered(state, challenge, "wrong")
        assert isinstance(decision.refusal, contract.CodeIncorrect)
        assert decision.refusal.attempts_left == left
        state = decision.state
    decision = answered(state, challenge, "wrong")
    assert isinstance(decision.refusal, contract.AccessCodeVoid)
    assert decision.news == (contract.AccessCodeVoided(),)
    assert decision.state.access_code is None
    assert decision.state.challenges == {}
    with pytest.raises(contract.ChallengeEnded):
        answered(decision.state, challenge, "access")


def test_an_access_code_ends_after_its_time():
    info = with_access_code(SecurityInfo())
    at = facts_at(NOW.now + timedelta(hours=1) - timedelta(minutes=1))
    state, challenge = challenged(info, None, at)
    ended = facts_at(NOW.now + timedelta(hours=1))
    with pytest.raises(contract.ChallengeEnded):
        answered(state, challenge, "access", facts=ended)
    with pytest.raises(contract.SignInTooOld):
        asked(info, facts=ended)
