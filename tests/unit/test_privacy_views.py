"""What a person is shown: of their organizations only, in their language, and what to do first."""

from datetime import timedelta

import pytest

from privacy import belonging, connections, registering, views
from privacy.account import Account
from privacy.known import Known
from privacy.languages import chosen
from privacy.register import Register
from privacy.terms import agreeing
from privacy.terms.texts import Text
from shared.contracts import privacy as contract
from shared.testing import facts_at

NOW = facts_at()
TITLES = {"sv": "Villkor", "en": "Terms"}


def member(*organizations):
    """Make an account at home in the first."""
    state = Account()
    for number, id_ in enumerate(organizations, 1):
        state = belonging.join(
            state, NOW, organization_id=id_, sequence=f"{number:010}", home=id_ == organizations[0]
        ).state
    return state


def publish(state, organization_id, terms_id="tos", version="1"):
    digests = {language: f"{version}{language}".encode().hex().rjust(64, "0") for language in TITLES}
    about = {"organization_id": organization_id, "terms_id": terms_id, "version": version}
    named = {"terms_id": terms_id, "version": version}
    begun = registering.reserve(state, NOW, **named, material=True, source=version).state
    return registering.publish(begun, NOW, **about, titles=TITLES, digests=digests).state


def with_use(state, use_id="u", **changed):
    told = {
        "category": "pd:Name",
        "purpose": "dpv:ServiceProvision",
        "legal_basis": "eu-gdpr:A6-1-b",
        "source": "organization",
        "retention": {"de": "Ein Jahr", "sv-FI": "Ett år"},
    } | changed
    return registering.put_data_use(state, NOW, use_id=use_id, wish=contract.PutDataUse(**told)).state


def accepted(account, organization_id, register, terms_id="tos"):
    current = register.terms[terms_id].current
    wish = contract.AcceptTerms(version=current.version, language="sv", digest=current.digests["sv"])
    about = {"organization_id": organization_id, "terms_id": terms_id, "terms": register.terms[terms_id]}
    return agreeing.accept(account, NOW, **about, wish=wish, session=None).state


def known(account, declared=None, **registers):
    names = {id_: {"name": id_.title(), "statement": None} for id_ in ("contoso", "fabrikam")}
    return Known(account, registers, names if declared is None else declared)


@pytest.mark.parametrize(
    ("languages", "wanted", "read"),
    [
        (("en", "sv"), "sv", "sv"),
        (("en", "sv-FI"), "sv", "sv-FI"),
        (("en", "sv"), "sv-FI", "sv"),
        (("en", "sv-SE", "sv-FI"), "sv-FI", "sv-FI"),
        (("de", "en"), "sv", "de"),
        (("svx", "de"), "sv", "svx"),
        (("fi", "sv-SE"), "SV", "sv-SE"),
    ],
)
def test_a_reader_gets_their_language_else_the_first(languages, wanted, read):
    assert chosen(languages, wanted) == read


def test_notices_stand_home_first_and_then_by_name():
    account = member("litware", "fabrikam", "contoso")
    shown = views.notices(known(account)).notices
    assert [(one.organization_name, one.home) for one in shown] == [
        ("litware", True),
        ("Contoso", False),
        ("Fabrikam", False),
    ]
    left = belonging.part(account, NOW, organization_id="contoso", sequence="9").state
    assert [one.organization_id for one in views.notices(known(left)).notices] == ["litware", "fabrikam"]


def test_terms_to_accept_stand_first_and_count():
    contoso, fabrikam = publish(Register(), "contoso"), publish(Register(), "fabrikam")
    account = accepted(member("contoso", "fabrikam"), "contoso", contoso)
    seen = known(account, contoso=contoso, fabrikam=fabrikam)
    shown = views.parts(seen, "en").terms
    assert [(one.id, one.title, one.to_accept) for one in shown] == [
        ("fabrikam~tos", "Terms", True),
        ("contoso~tos", "Terms", False),
    ]
    assert [one.version for one in shown[1].acceptances] == ["1"]
    assert shown[0].acceptances == ()


def test_withdrawn_terms_are_shown_to_who_accepted_them_and_ask_nobody():
    register = publish(Register(), "contoso")
    gone = registering.withdraw(register, NOW, organization_id="contoso", terms_id="tos").state
    asked, agreed = member("contoso"), accepted(member("contoso"), "contoso", register)
    assert views.terms(known(asked, contoso=gone), "en") == ()
    (shown,) = views.terms(known(agreed, contoso=gone), "en")
    assert (shown.to_accept, shown.withdrawn_at) == (False, NOW.now)
    assert text(known(agreed, contoso=gone)).withdrawn_at == NOW.now
    with pytest.raises(contract.TermsNotAsked):
        text(known(asked, contoso=gone))


def test_a_version_that_is_only_reserved_is_shown_to_nobody():
    register = registering.reserve(Register(), NOW, terms_id="tos", version="1", material=True, source="1").state
    seen = known(member("contoso"), contoso=register)
    assert (views.terms(seen, "en"), seen.current("contoso", "tos")) == ((), None)
    with pytest.raises(contract.TermsNotFound):
        text(seen)


def test_all_that_was_accepted_is_listed_and_below_a_text_what_is_of_it():
    register = publish(Register(), "contoso", version="1")
    account = accepted(member("contoso"), "contoso", register)
    for version in ("2", "3"):
        register = publish(register, "contoso", version=version)
    account = accepted(account, "contoso", register)
    seen = known(account, contoso=register)
    assert [(one.version, one.language, one.at) for one in views.terms(seen, "en")[0].acceptances] == [
        ("3", "sv", NOW.now),
        ("1", "sv", NOW.now),
    ]
    told = {version: text(seen, version=version).accepted for version in ("1", "2", "3")}
    assert {version: one and one.version for version, one in told.items()} == {"1": "1", "2": None, "3": "3"}


def test_nothing_is_shown_of_an_organization_after_leaving():
    register = with_use(publish(Register(), "fabrikam"))
    account = accepted(member("contoso", "fabrikam"), "fabrikam", register)
    left = belonging.part(account, NOW, organization_id="fabrikam", sequence="9").state
    shown = views.parts(known(left, fabrikam=register), "en")
    assert (shown.terms, shown.services, shown.data_uses) == ((), (), ())
    with pytest.raises(contract.TermsNotFound):
        text(known(left, fabrikam=register), ("fabrikam", "tos"))


def test_uses_of_data_are_shown_in_the_readers_language():
    told = contract.ToldSentence
    register = with_use(with_use(Register()), "v", recipients={"en": "Nobody else", "sv": "Ingen annan"})
    shown = views.parts(known(member("contoso"), contoso=register), "sv").data_uses
    year, nobody = told(text="Ett år", language="sv-FI"), told(text="Ingen annan", language="sv")
    assert [(one.id, one.retention, one.recipients, one.remark) for one in shown] == [
        ("contoso~u", year, None, None),
        ("contoso~v", year, nobody, None),
    ]
    (shown, _) = views.parts(known(member("contoso"), contoso=register), "en").data_uses
    assert shown.retention == told(text="Ein Jahr", language="de")


def test_services_stand_by_their_last_use_and_those_taken_out_are_gone():
    register, account = Register(), member("contoso")
    for number, name in enumerate(("a", "b", "c", "d")):
        wish = contract.PutService(name=name.upper(), may_disconnect=name == "a")
        draw = facts_at(chance=number + 1)
        register = registering.put_service(register, draw, service_id=name, wish=wish).state
        used = NOW.now + timedelta(minutes=number) if name in "bc" else None
        about = {"organization_id": "contoso", "service_id": name, "service": register.services[name]}
        account = connections.connect(account, NOW, **about, last_used_at=used).state
    shown = views.services(known(account, contoso=register))
    assert [(one.id, one.can_disconnect) for one in shown] == [
        ("contoso~c", False),
        ("contoso~b", False),
        ("contoso~a", True),
        ("contoso~d", False),
    ]
    gone = registering.delete_service(register, NOW, service_id="c").state
    again = registering.put_service(gone, facts_at(chance=9), service_id="c", wish=contract.PutService(name="C")).state
    for state in (gone, again):
        assert [one.name for one in views.services(known(account, contoso=state))] == ["B", "A", "D"]


def text(seen, place=("contoso", "tos"), *, version="1", shown=None, languages=("sv", "en")):
    texts = {
        one: Text(title=f"{TITLES[one]} {version}", markdown="x", html="<p>x</p>", digest=f"{one}{version}")
        for one in languages
    }
    return views.terms_text(seen, place, texts, version=version, shown=shown, reader="en")


def test_a_text_is_shown_in_the_language_asked_for_and_as_it_was_published():
    register = publish(publish(Register(), "contoso", version="1"), "contoso", version="2")
    seen = known(member("contoso"), contoso=register)
    now, before = text(seen, version="2"), text(seen, version="1", shown="sv", languages=("sv",))
    assert (now.shown_language, now.shown_title, now.digest) == ("en", "Terms 2", "en2")
    assert (before.shown_language, before.shown_title, before.digest) == ("sv", "Villkor 1", "sv1")
    assert (before.shown_version, before.version, before.languages) == ("1", "2", ("sv",))
    for asked in ({"shown": "de"}, {"version": "3"}, {"place": ("fabrikam", "tos")}, {"place": ("contoso", "")}):
        with pytest.raises(contract.TermsNotFound):
            text(seen, **asked)


@pytest.mark.parametrize("public", ["", "~", "contoso", "contoso~", "~tos", "contoso~tos~1", "contoso~tos/1"])
def test_an_id_that_nobody_was_shown_is_of_nothing(public):
    seen = known(member("contoso"), contoso=publish(Register(), "contoso"))
    with pytest.raises(contract.TermsNotFound):
        text(seen, views.parted(public))
    assert views.parted(views.public_id("a.b:c", "d-e_f")) == ("a.b:c", "d-e_f")
