"""What nothing here could serve is not offered, whatever organizations say, and nothing is sent for it."""

import pytest

from security_info import reaching, views
from security_info.model import SecurityInfo
from security_info.policy import NOBODY, Policy, Told
from shared.contracts import security_info as contract
from tests.unit.furnished import EVERYTHING, NOW, confirmed, right_code, with_methods
from tests.unit.sending_codes import EMAIL, PHONE, adding, after, again, changing, typing


def without(*types: str) -> Policy:
    """Give a policy that allows everything where there is no means for some types."""
    return Policy((Told("contoso", "Contoso", EVERYTHING),), EVERYTHING, frozenset(types))


@pytest.mark.parametrize(("type_", "other"), [(PHONE, EMAIL), (EMAIL, PHONE)])
def test_it_is_not_offered_and_no_organization_is_blamed(type_: str, other: str):
    policy = without(type_)
    assert (policy.refusing(type_), policy.refusing(other)) == ((NOBODY,), ())
    seen = views.security_info(SecurityInfo(), policy, NOW.now)
    offered = {offer.type for offer in seen.can_add}
    assert other in offered
    assert type_ not in offered
    assert [one.organizations for one in seen.not_offered if one.type == type_] == [()]


@pytest.mark.parametrize("type_", [PHONE, EMAIL])
def test_nothing_is_set_up_confirmed_changed_or_sent_again(type_: str):
    def allowed(_organizations: object) -> Policy:
        return without(type_)

    begun = adding(SecurityInfo(), type_)
    info, method_id = begun.state, begun.answer["method_id"]
    counts = confirmed(info, method_id).state
    for refused in (
        lambda: adding(SecurityInfo(), type_, policies=allowed),
        lambda: again(info, method_id, policies=allowed),
        lambda: typing(info, method_id, right_code(info, method_id), allowed=allowed),
        lambda: changing(counts, method_id, facts=after(60), policies=allowed),
    ):
        with pytest.raises(contract.MethodTypeNotAllowed) as barred:
            refused()
        assert barred.value.organizations == []


def test_what_is_there_stays_and_only_its_codes_are_not_sent():
    info, (phone, _) = with_methods(PHONE, EMAIL)
    policy = without(PHONE)
    assert views.security_info(info, policy, NOW.now).methods[0].id == phone
    reaching.refuse_unavailable(policy, EMAIL)
    with pytest.raises(contract.MethodTypeNotAllowed):
        reaching.refuse_unavailable(policy, PHONE)
