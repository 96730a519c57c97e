"""Reading terms of use and accepting them: what is accepted is what was shown."""

import pytest

from shared.contracts.privacy import TermsChanged, TermsNotAsked, TermsNotFound
from shared.contracts.problem import FieldProblem, Invalid
from tests.pages.declared import DIGEST, RIGHT_TO_LEFT, THEN, acceptance, text

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
    assert "Not available in English; shown in" not in page.text
    assert "Read in another language: Svenska English (United Kingdom) xx" in page.text
    assert page.one("a", lang="sv")["href"] == f"{TERMS}?language=sv"
    assert "<h2>What you may</h2><p>Work.</p><table>" in page.html


async def test_another_version_and_language_can_be_asked_for(visitor, portal):
    portal.privacy.answers["getTerms"] = text(
        shown_version="1", accepted=acceptance("1"), acceptances=(acceptance("1"),), to_accept=True
    )
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
    assert (sent.status, sent.headers["Location"]) == (303, "/privacy?done=accepted&terms=contoso~portal")
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
    assert "Nothing was accepted: the terms changed while you were reading. Read version 2026-12 below" in page.text
    assert portal.privacy.last("getTerms")["query"] == {"language": "en"}
    assert "<p>New.</p>" in page.html
    assert page.one("input", name="digest")["value"] == "f" * 64
    assert page.one("input", name="version")["value"] == "2026-12"
    assert page.one("input", name="command")["value"] != "c1"
    assert page.one("input", name="return_to")["value"] == TERMS


async def test_accepted_terms_have_nothing_to_press(visitor, portal):
    portal.privacy.answers["getTerms"] = text(accepted=acceptance(), acceptances=(acceptance(),), to_accept=False)
    page = await visitor.page(TERMS)
    assert "You accepted version 2026-11 on 2 March 2026 , in Swedish." in page.text
    assert not page.all("form", action=TERMS)


async def test_below_a_text_stands_its_own_acceptance_only(visitor, portal):
    portal.privacy.answers["getTerms"] = text(
        shown_version="1", accepted=acceptance("1", "en"), acceptances=(acceptance(), acceptance("1", "en"))
    )
    page = await visitor.page(f"{TERMS}?version=1")
    assert "You accepted version 1 on 2 March 2026 , in English." in page.text
    assert "You accepted version 2026-11" not in page.text
    portal.privacy.answers["getTerms"] = text(shown_version="2", acceptances=(acceptance(),))
    assert "You accepted" not in (await visitor.page(f"{TERMS}?version=2")).text


async def test_a_version_stays_in_one_line_unless_it_is_long(visitor, portal):
    portal.privacy.answers["getTerms"] = text()
    assert 'Version\u00a0<bdi class="unbroken">2026-11</bdi>' in (await visitor.page(TERMS)).html
    portal.privacy.answers["getTerms"] = text(shown_version="x" * 64)
    assert f"<bdi>{'x' * 64}</bdi>" in (await visitor.page(TERMS)).html


async def test_withdrawn_terms_tell_when_and_what_was_accepted(visitor, portal):
    gone = {"withdrawn_at": THEN, "to_accept": False, "acceptances": (acceptance("1", "en"),)}
    portal.privacy.answers["getTerms"] = text(**gone)
    page = await visitor.page(TERMS)
    told = (
        "These terms were withdrawn. Withdrawn on 2 March 2026 ; you accepted version 1 on 2 March 2026 , in English."
    )
    assert told in page.text
    assert page.all("a", href=f"{TERMS}?version=1&language=en")
    assert "holds now" not in page.text
    portal.privacy.answers["getTerms"] = text(**gone, shown_version="1", accepted=acceptance("1", "en"))
    page = await visitor.page(f"{TERMS}?version=1")
    assert told in page.text
    assert page.text.count("you accepted") + page.text.count("You accepted") == 1
    assert "holds now" not in page.text


async def test_terms_that_are_withdrawn_while_one_reads_say_so(visitor, portal):
    portal.privacy.answers["acceptTerms"] = TermsNotAsked(withdrawn_at=THEN)
    page = await visitor.send(TERMS, **SHOWN)
    assert (page.status, page.one("h1") is not None) == (410, True)
    assert "These terms were withdrawn The organization asks nobody to accept them any more." in page.text
    assert page.one("a", class_="button")["href"] == "/privacy"


@pytest.mark.parametrize(
    ("languages", "reader", "said"),
    [
        (("de",), "en", "Not available in English; shown in German."),
        (("fi", "de"), "sv", "Finns inte på svenska; visas på finska."),
        (("en-GB",), "en", None),
        (("de", "sv"), "sv", None),
    ],
)
async def test_a_text_that_is_not_in_the_readers_language_says_so(visitor, portal, languages, reader, said):
    portal.privacy.answers["getTerms"] = text(languages=languages, shown_language=languages[0])
    page = await visitor.page(TERMS, Cookie=f"language={reader}")
    if said:
        assert said in page.text
    else:
        assert "Not available" not in page.text
        assert "Finns inte" not in page.text


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
