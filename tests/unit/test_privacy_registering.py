"""What an organization tells privacy: as often as it wants, as much as a document holds, and terms for good."""

from datetime import timedelta
from functools import partial

import pytest
from pydantic import ValidationError

from privacy import registering
from privacy.register import MOST_DATA_USES, MOST_SERVICES, MOST_TERMS, MOST_VERSIONS, Register
from shared.contracts import privacy as contract
from shared.testing import facts_at

NOW = facts_at()
MAIL = contract.PutService(name="Mail", sees=("pd:EmailAddress",))
USE = contract.PutDataUse(
    category="pd:Name",
    purpose="dpv:ServiceProvision",
    legal_basis="eu-gdpr:A6-1-b",
    source="organization",
    retention={"en": "A year", "sv": "Ett år"},
)
EMPTY = Register()


def later(seconds, chance=2):
    return facts_at(NOW.now + timedelta(seconds=seconds), chance)


def reserve(state, version, *, material=True, facts=NOW, terms_id="tos", title="Terms"):
    about = {"terms_id": terms_id, "version": version, "material": material}
    return registering.reserve(state, facts, **about, source=f"{title} {version}")


def publish(state, version, *, material=True, facts=NOW, terms_id="tos", title="Terms"):
    begun = reserve(state, version, material=material, facts=facts, terms_id=terms_id, title=title)
    assert not begun.news
    return registering.publish(
        begun.state,
        facts,
        organization_id="contoso",
        terms_id=terms_id,
        version=version,
        titles={"en": f"{title} {version}"},
        digests={"en": version.rjust(64, "0")},
    )


def published(*versions):
    state = EMPTY
    for version in versions:
        state = publish(state, version).state
    return state


def told(version, *, material=True, terms_id="tos"):
    return contract.TermsPublished(organization_id="contoso", terms_id=terms_id, version=version, material=material)


withdraw = partial(registering.withdraw, organization_id="contoso", terms_id="tos")


def test_a_service_is_put_in_and_changed_and_stays_the_same_one():
    put = partial(registering.put_service, service_id="mail")
    first = put(EMPTY, NOW, wish=MAIL).state
    changed = put(first, later(60), wish=MAIL.model_copy(update={"name": "Post"})).state
    assert changed.services["mail"].name == "Post"
    assert changed.services["mail"].entry == first.services["mail"].entry
    assert put(changed, later(90), wish=MAIL.model_copy(update={"name": "Post"})).state == changed


def test_a_service_that_was_taken_out_is_remembered_until_nobody_is_connected_to_it():
    state = registering.put_service(EMPTY, NOW, service_id="mail", wish=MAIL).state
    entry = state.services["mail"].entry
    gone = registering.delete_service(state, later(10), service_id="mail").state
    assert (gone.services, gone.removed, gone.removing) == ({}, {entry: later(10).now}, True)
    assert registering.delete_service(gone, later(20), service_id="mail").state == gone
    again = registering.put_service(gone, later(30), service_id="mail", wish=MAIL).state
    assert again.services["mail"].entry != entry
    assert registering.cleared(again, NOW, before=later(10).now).state == again
    cleared = registering.cleared(again, NOW, before=later(11).now).state
    assert (cleared.removed, cleared.removing) == ({}, False)
    assert cleared.services == again.services


def test_there_are_so_many_services_and_uses_and_no_more():
    services = data_uses = EMPTY
    for number in range(MOST_SERVICES):
        services = registering.put_service(services, NOW, service_id=f"s{number}", wish=MAIL).state
    for number in range(MOST_DATA_USES):
        data_uses = registering.put_data_use(data_uses, NOW, use_id=f"u{number}", wish=USE).state
    with pytest.raises(contract.RegisterFull) as refused:
        registering.put_service(services, NOW, service_id="more", wish=MAIL)
    assert refused.value.limit == MOST_SERVICES
    with pytest.raises(contract.RegisterFull) as refused:
        registering.put_data_use(data_uses, NOW, use_id="more", wish=USE)
    assert refused.value.limit == MOST_DATA_USES
    assert registering.put_service(services, NOW, service_id="s0", wish=MAIL).state == services
    assert registering.put_data_use(data_uses, NOW, use_id="u0", wish=USE).state == data_uses
    less = registering.delete_data_use(data_uses, NOW, use_id="u0").state
    assert len(registering.put_data_use(less, NOW, use_id="more", wish=USE).state.data_uses) == MOST_DATA_USES


def test_who_puts_services_in_and_takes_them_out_again_and_again_has_to_wait():
    state = EMPTY
    for number in range(MOST_SERVICES):
        state = registering.put_service(state, later(number, number), service_id="mail", wish=MAIL).state
        state = registering.delete_service(state, NOW, service_id="mail").state
    assert len(state.removed) == MOST_SERVICES
    with pytest.raises(contract.RegisterFull):
        registering.put_service(state, NOW, service_id="mail", wish=MAIL)


def test_a_use_is_put_in_as_told_and_taken_out():
    state = registering.put_data_use(EMPTY, NOW, use_id="name", wish=USE).state
    assert state.data_uses["name"].model_dump() == USE.model_dump()
    assert list(state.data_uses["name"].retention) == ["en", "sv"]
    assert registering.delete_data_use(state, NOW, use_id="name").state == EMPTY
    assert registering.delete_data_use(EMPTY, NOW, use_id="name").state == EMPTY


def test_a_rule_is_noted_and_told_again_changes_nothing():
    wish = contract.PutPrivacyRules(history_days=90, language="sv")
    state = registering.put_rules(EMPTY, NOW, wish=wish).state
    assert (state.history_days, state.language, state.to_spread) == (90, "sv", True)
    spread = state.model_copy(update={"to_spread": False})
    assert registering.put_rules(spread, NOW, wish=wish).state == spread


def test_the_last_published_version_is_current():
    decision = publish(published("1"), "2", material=False, facts=later(60))
    known = decision.state.terms["tos"]
    assert [(one.version, one.material) for one in known.versions] == [("1", True), ("2", False)]
    assert known.current.published_at == later(60).now
    assert (known.current.titles, known.current.digests) == ({"en": "Terms 2"}, {"en": "2".rjust(64, "0")})
    assert (known.versions[0].titles, known.versions[0].digests) == ({}, {})
    assert decision.news == (told("2", material=False),)


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_version_published_again_changes_nothing(version):
    state = published("1", "2")
    again = publish(state, version, facts=later(60))
    assert (again.state, again.news) == (state, ())
    for other in ({"material": False}, {"title": "Rules"}):
        with pytest.raises(contract.VersionPublished):
            publish(state, version, **other)


def test_a_version_that_is_only_reserved_has_its_place_and_is_shown_to_nobody():
    begun = reserve(published("1"), "2").state
    assert begun.published["tos"].current.version == "1"
    assert reserve(begun, "2", facts=later(60)).state == begun
    for other in ({"material": False}, {"title": "Rules"}):
        with pytest.raises(contract.VersionPublished):
            reserve(begun, "2", **other)
    decision = publish(begun, "2", facts=later(60))
    assert decision.state.published["tos"].current.published_at == later(60).now
    assert decision.news == (told("2"),)
    alone = reserve(EMPTY, "1").state
    assert alone.published == {}
    assert withdraw(alone, NOW).state == alone


def test_an_older_version_that_is_completed_later_does_not_become_current():
    begun = publish(reserve(published("0"), "1").state, "2", facts=later(60)).state
    decision = publish(begun, "1", facts=later(90))
    known = decision.state.published["tos"]
    assert [one.version for one in known.versions] == ["0", "1", "2"]
    assert known.current.titles == {"en": "Terms 2"}
    assert known.versions[1].titles == {}
    assert decision.news == ()
    withdrawn = withdraw(begun, NOW).state
    assert publish(withdrawn, "1").state.terms["tos"].withdrawn_at == NOW.now


def test_a_newer_one_that_is_only_reserved_does_not_keep_an_older_from_being_current():
    begun = reserve(reserve(EMPTY, "1").state, "2").state
    first = publish(begun, "1").state
    assert first.published["tos"].current.titles == {"en": "Terms 1"}
    assert [one.version for one in first.terms["tos"].versions] == ["1", "2"]
    withdrawn = withdraw(first, NOW).state
    assert publish(withdrawn, "1").state.terms["tos"].withdrawn_at is None
    last = publish(first, "2").state.published["tos"]
    assert (last.current.titles, last.versions[0].titles) == ({"en": "Terms 2"}, {})


def test_withdrawing_is_told_once_and_forgets_nothing():
    decision = withdraw(published("1", "2"), later(60))
    known = decision.state.terms["tos"]
    assert known.withdrawn_at == later(60).now
    assert [one.version for one in known.versions] == ["1", "2"]
    assert decision.news == (contract.TermsWithdrawn(organization_id="contoso", terms_id="tos"),)
    again = withdraw(decision.state, later(90))
    assert (again.state, again.news) == (decision.state, ())
    assert withdraw(EMPTY, NOW).state == EMPTY


def test_a_withdrawal_ends_with_a_newer_version_or_the_current_one_again():
    withdrawn = withdraw(published("1", "2"), NOW).state
    for version in ("2", "3"):
        decision = publish(withdrawn, version)
        assert decision.state.terms["tos"].withdrawn_at is None
        assert decision.state.terms["tos"].current.version == version
        assert decision.news == (told(version),)
    earlier = publish(withdrawn, "1")
    assert (earlier.state, earlier.news) == (withdrawn, ())


def test_there_are_so_many_terms_and_versions_and_no_more():
    many = EMPTY
    for number in range(MOST_TERMS):
        many = publish(many, "1", terms_id=f"t{number}").state
    with pytest.raises(contract.RegisterFull) as refused:
        publish(many, "1", terms_id="more")
    assert refused.value.limit == MOST_TERMS
    long = published(*(str(number) for number in range(MOST_VERSIONS)))
    with pytest.raises(contract.RegisterFull) as refused:
        publish(long, "more")
    assert refused.value.limit == MOST_VERSIONS
    assert publish(long, "0").state == long
    begun = EMPTY
    for number in range(MOST_VERSIONS):
        begun = reserve(begun, str(number)).state
    with pytest.raises(contract.RegisterFull):
        reserve(begun, "more")
    assert publish(many, "2", terms_id="t0").state.terms["t0"].current.version == "2"


@pytest.mark.parametrize(
    "sees", [("EmailAddress",), ("pd:",), ("pd:<b>",), ("PD:Email",), ("pd:a b",), ("pd:EmailAddress",) * 31]
)
def test_what_a_service_sees_are_terms_of_the_vocabulary(sees):
    with pytest.raises(ValidationError):
        contract.PutService(name="Mail", sees=sees)
