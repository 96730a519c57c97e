"""Reading terms of use and accepting them: what is accepted is what was shown."""

import pytest

from shared.contracts.privacy import TermsChanged, TermsNotFound
from shared.contracts.problem import FieldProblem, Invalid
from tests.pages.declared import DIGEST, RIGHT_TO_LEFT, acceptance, text

TERMS = "/privacy/terms/contoso~portal"
SHOWN = {"version": "2026-11", "language": "en", "digest": DIGEST}


async def test_a_text_is_shown_in_its_own_language_with_its_version(visitor, portal):
    portal.privacy.answers["getTerms"] = text(
        shown_title=RIGHT_TO_LEFT, shown_language="ar", languages=("ar", "sv", "en-GB", "xx")
    )
    page = await visitor.page(TERMS)
    assert portal.privacy.last("getTerms")["path"] == {"terms_id": "contoso~portal"}
    assert not portal.privacy.last("getTerms")["query"]
    assert (page.one("article")["lang"], page.one("article")["dir"]) == ("ar", "rtl")
    assert (page.one("h1")["lang"], page.one("h1")["dir"]) == ("ar", "rtl")
    assert f"{RIGHT_TO_LEFT} Contoso Version 2026-11 Published 2 March 2026" in page.text
    assert "Svenska English (United Kingdom) xx" in page.text
    assert page.one("a", lang="sv")["href"] == f"{TERMS}?language=sv"
    assert "<h2>What you may</h2><p>Work.</p><table>" in page.html


async def test_another_version_and_language_can_be_asked_for(visitor, portal):
    portal.privacy.answers["getTerms"] = text(shown_version="1", accepted=acceptance("1"), to_accept=True)
    page = await visitor.page(f"{TERMS}?version=1&language=sv&x=1")
    assert portal.privacy.last("getTerms")["query"] == {"version": "1", "language": "sv"}
    assert "This is not the version that holds now. Read version 2026-11" in page.text
    assert page.one("a", lang="sv")["href"] == f"{TERMS}?version=1&amp;language=sv".replace("&amp;", "&")
    assert not page.all("form", action=TERMS)
    assert "Published" not in page.text
    assert "You accepted version 1 on 2 March 2026 , in Swedish." in page.text


async def test_what_is_accepted_is_what_was_shown(visitor, portal):
    page = await visitor.page(TERMS)
    fields = {field["name"]: field["value"] for field in page.all("input", type="hidden")}
    assert fields.items() >= SHOWN.items()
    portal.privacy.answers["acceptTerms"] = acceptance()
    sent = await visitor.send(TERMS, **fields)
    assert (sent.status, sent.headers["Location"]) == (303, "/privacy?done=accepted")
    given = portal.privacy.last("acceptTerms")
    assert (given["path"], given["body"]) == ({"terms_id": "contoso~portal"}, SHOWN)
    assert given["headers"]["Idempotency-Key"] == fields["command"]


async def test_what_changed_meanwhile_is_told_and_shown_to_be_read(visitor, portal):
    portal.privacy.answers["acceptTerms"] = TermsChanged(version="2026-12")
    portal.privacy.answers["getTerms"] = text(
        version="2026-12", shown_version="2026-12", html="<p>New.</p>", digest="f" * 64
    )
    page = await visitor.send(TERMS, command="c1", **SHOWN)
    assert page.status == 409
    assert "Nothing was accepted yet: what you read is not what holds now. Read version 2026-12 below" in page.text
    assert portal.privacy.last("getTerms")["query"] == {"language": "en"}
    assert "<p>New.</p>" in page.html
    assert page.one("input", name="digest")["value"] == "f" * 64
    assert page.one("input", name="version")["value"] == "2026-12"
    assert page.one("input", name="command")["value"] != "c1"
    assert page.one("input", name="return_to")["value"] == TERMS


async def test_accepted_terms_have_nothing_to_press(visitor, portal):
    portal.privacy.answers["getTerms"] = text(accepted=acceptance(), to_accept=False)
    page = await visitor.page(TERMS)
    assert "You accepted version 2026-11 on 2 March 2026 , in Swedish." in page.text
    assert not page.all("form", action=TERMS)


@pytest.mark.parametrize(
    "problem", [TermsNotFound(), Invalid(errors=[FieldProblem(pointer="/digest", key="string_pattern_mismatch")])]
)
async def test_any_other_refusal_is_a_page_with_a_way_on(visitor, portal, problem):
    portal.privacy.answers["acceptTerms"] = problem
    page = await visitor.send(TERMS, **SHOWN)
    assert (page.status, page.one("a", class_="button")["href"]) == (problem.status, "/privacy")


async def test_terms_that_are_not_there_are_not_found(visitor, portal):
    portal.privacy.answers["getTerms"] = TermsNotFound()
    page = await visitor.page(TERMS, Cookie="language=sv")
    assert (page.status, page.one("h1") is not None) == (404, True)
    assert "Villkoren hittades inte" in page.text
