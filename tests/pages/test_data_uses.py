"""What the register of data use says: in words, with one's own data beside it, and nothing that was not told."""

import re

import pytest

from gateway.words.data_categories import CATEGORIES
from gateway.words.data_purposes import PURPOSES_OF_USE
from gateway.words.legal_bases import BASES
from gateway.words.terms import basis_cited, basis_right, basis_said, category_said, purpose_said, readable, source_said
from shared.telling.languages import LANGUAGES
from tests.pages.declared import sentence, use


async def test_a_person_is_told_what_is_done_with_which_data_and_what_is_here_of_it(visitor, declared_once):
    declared_once(data_uses=(use(recipients=sentence("Fixers Ltd"), remark=sentence("For the directory")),))
    page = await visitor.page("/privacy")
    assert page.one("table")["aria-label"] == "What Contoso does with data about you"
    assert (
        "E-mail address Here of you alice@contoso.example "
        "What for To give you an account and look after it For the directory "
        "Why it may It is needed for a contract with you GDPR, Article 6 (1) (b) "
        "How long Until two years after you leave Who else gets it Fixers Ltd Where from The organization"
    ) in page.text


async def test_nothing_is_said_that_was_not_told(visitor, declared_once):
    declared_once(data_uses=(use(),))
    assert "Who else gets it Not told here Where from" in (await visitor.page("/privacy")).text


async def test_a_sentence_in_another_language_than_the_readers_is_marked(visitor, declared_once):
    declared_once(data_uses=(use(retention=sentence("Två år", "sv"), recipients=sentence("Everyone", "en-GB")),))
    page = await visitor.page("/privacy")
    assert "How long Två år (in Swedish) Who else gets it Everyone Where from" in page.text
    assert "<bdi>Två år</bdi></span>" in page.html.split('<span lang="sv" dir="ltr">')[1][:40]
    assert (
        "Två år Vem mer får det Everyone (på engelska)" in (await visitor.page("/privacy", Cookie="language=sv")).text
    )


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        ("eu-gdpr:A6-1-e", "You can object to it. Tell privacy@contoso.example GDPR, Article 6 (1) (e)"),
        (
            "eu-gdpr:A6-1-f-controller",
            "The organization says that it has a legitimate interest in it You can object to it.",
        ),
        (
            "eu-gdpr:A9-2-a",
            "at any time. Tell privacy@contoso.example GDPR, Article 9 (2) (a)",
        ),
        ("eu-gdpr:A6-1-c", "The law requires it GDPR, Article 6 (1) (c)"),
    ],
)
async def test_a_basis_tells_what_one_can_do_and_whom_to_tell(visitor, portal, canned, basis, said):
    contacts = [canned.contact(role, email=f"{role}@contoso.example") for role in ("help", "privacy")]
    portal.belongs_to(canned.organization(contacts=tuple(contacts)))
    portal.declares(data_uses=(use(legal_basis=basis),))
    page = await visitor.page("/privacy")
    assert said in page.text
    assert ("Where you object, the organization must stop, unless" in page.text) is ("You can object" in page.text)


async def test_what_is_here_is_that_of_the_organization_and_what_is_not_says_so(visitor, portal, canned):
    portal.belongs_to(canned.organization(), canned.organization("fabrikam", "Fabrikam"))
    portal.devices.answers["getDevices"] = canned.devices(
        *(canned.device(f"Laptop {n}", organization_id="contoso") for n in range(2)),
        canned.device("Mac", organization_id="fabrikam"),
    )
    of_fabrikam = {"organization_id": "fabrikam", "organization_name": "Fabrikam"}
    held = (("pd:DeviceBased", "devices"), ("pd:Job", "memberships"), ("pd:Authenticating", "security_info"))
    portal.declares(data_uses=tuple(use(*one, **of) for of in ({}, of_fabrikam) for one in held))
    contoso, fabrikam = (await visitor.page("/privacy")).text.split("Privacy statement")[1:]
    for shown, devices in ((contoso, "2 devices"), (fabrikam, "1 device")):
        assert f"Your devices Here of you {devices} What for" in shown
        assert "Job Here of you Your membership What for" in shown
        assert "methods The same for all your organizations What for" in shown


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (use("pd:Professional"), "Your work Here of you Title Analyst Office Malmö 3 What for"),
        (use("pd:Name"), "Name Here of you Alice Lindqvist What for"),
        (use("pd:Picture"), "Picture of you Here of you Nothing What for"),
        (
            use("pd:Age"),
            "Age Here of you Name Alice Lindqvist Title Analyst E-mail alice@contoso.example Office Malmö 3",
        ),
        (use("pd:Job", "memberships"), "Job Here of you Your membership What for"),
        (use("pd:DeviceBased", "devices"), "Your devices Here of you 2 devices What for"),
        (use("pd:Authenticating", "security_info"), "What you sign in with Here of you 2 methods What for"),
        (use("pd:AuthenticationHistory", "history"), "Your sign-ins Here of you See your activity What for"),
        (use("pd:Salary", None), "Salary What for"),
    ],
    ids=lambda told: told.category if hasattr(told, "category") else None,
)
async def test_ones_own_data_stands_beside_its_category(visitor, declared_once, told, shown):
    declared_once(data_uses=(told,))
    assert shown in (await visitor.page("/privacy")).text


async def test_only_what_is_declared_to_be_used_is_asked_for(visitor, portal, declared_once):
    declared_once(data_uses=(use(),))
    await visitor.page("/privacy")
    assert not portal.devices.asked
    assert not portal.security_info.asked
    declared_once(data_uses=(use("pd:DeviceBased", "devices"),))
    await visitor.page("/privacy")
    assert [name for name, _given in portal.devices.asked] == ["getDevices"]


async def test_a_term_without_words_is_quoted_as_the_organizations_own(visitor, declared_once):
    declared_once(data_uses=(use("pd:EyeColour", None, purpose="dpv:LookSplendid", legal_basis="xx:Because"),))
    page = await visitor.page("/privacy", Cookie="language=sv")
    own = "(med dess egna ord)"
    assert f"” Eye colour ” {own} Till vad ” Look splendid ” {own} Varför den får ” Because ” {own}" in page.text
    assert len(page.all("span", lang="en", dir="ltr")) == 4, "three terms, and until when"
    assert page.html.index('<span lang="en" dir="ltr">Eye colour</span>')


def test_a_terms_name_is_made_readable():
    told = {"pd:EyeColour": "Eye colour", "pd:IPAddress": "IP address", "eu-gdpr:A49-1-a": "A49-1-a", "x:---": "---"}
    assert {term: readable(term) for term in told} == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_usual_terms_have_words_in_every_language(language):
    said = [category_said(term, language) for term in CATEGORIES]
    said += [purpose_said(term, language) for term in PURPOSES_OF_USE]
    for basis in BASES:
        said += [basis_said(basis, language), basis_right(basis, language) or "-", basis_cited(basis, language) or "-"]
    said += [source_said(source, language) for source in ("person", "organization", "observed", "other", "newer")]
    assert len(CATEGORIES) > 40
    assert len(PURPOSES_OF_USE) > 30
    assert not [words for words in said if not words or "<" in words or "%(" in words]


@pytest.mark.parametrize(("article", "letters"), [("A6-1", "abcdef"), ("A9-2", "abcdefghij")])
def test_every_basis_of_the_regulation_has_words_and_is_cited(article, letters):
    cited = {term: words for term, words in BASES.items() if term.startswith(f"eu-gdpr:{article}-")}
    assert {words.letter for words in cited.values()} == set(letters)
    assert all(re.match(rf"eu-gdpr:{article}-{words.letter}(-|$)", term) for term, words in cited.items())
    shown = f"{article[1]} ({article[3]})"
    assert {basis_cited(term, "en") for term in cited} == {f"GDPR, Article {shown} ({letter})" for letter in letters}


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_an_interest_weighs_more_is_told_as_what_the_organization_says(language):
    says = {"en": "The organization says that", "sv": "Organisationen uppger att"}[language]
    for term in ("eu-gdpr:A6-1-f", "dpv:LegitimateInterest"):
        for part in ("", "-controller", "-third-party", "OfController", "OfThirdParty"):
            assert term + part not in BASES or basis_said(term + part, language).startswith(says)
