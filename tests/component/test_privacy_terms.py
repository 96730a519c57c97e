"""Terms from the organization that publishes them to the person who reads and accepts them."""

import asyncio
import hashlib
import secrets

import pytest

from shared.contracts import privacy as contract
from tests.component.asking import organization
from tests.component.listening import event, listening
from tests.component.putting_in import publish, put_account
from tests.waiting import until

SWEDISH = {"headers": {"Accept-Language": "sv"}}
HOSTILE = (
    "# Rules\n\n<script>alert(1)</script> [no](javascript:alert(1)) [yes](https://a.example) ![x](https://a.example/x)"
)


@pytest.fixture
async def firm(directory):
    """An organization that no other test has."""
    name = f"firm-{secrets.token_hex(4)}"
    assert (await directory("PUT", f"/system/organizations/{name}", organization(name)))[0] == 200
    return name


@pytest.fixture
async def at_home(api, directory, someone, firm):
    """The API, called by an account at home in that organization, of which privacy has heard."""
    await put_account(directory, someone, home_organization=firm)

    async def heard():
        return (await api("GET", "/privacy"))[1]["notices"]

    await until(heard)
    return api


@pytest.fixture(scope="module")
async def heard(plan):
    """All news while the tests of this module run."""
    async with listening(plan.broker_url("subscriber"), "terms") as listened:
        yield listened


async def read(api, id_, **more):
    status, text = await api("GET", f"/privacy/terms/{id_}", **more)
    assert status == 200, text
    return text


def shown(text):
    return {name: text[f"shown_{name}"] for name in ("version", "language")} | {"digest": text["digest"]}


async def accept(api, id_, wish, **more):
    return await api("POST", f"/privacy/terms/{id_}/accept", wish, **more)


async def terms_of(api):
    return (await api("GET", "/privacy"))[1]["terms"]


async def test_what_is_published_is_read_accepted_and_asked_no_more(heard, at_home, directory, someone, firm):
    id_ = await publish(directory, firm, "tos", "1", en="# One", sv="# Ett")
    (listed,) = await terms_of(at_home)
    assert (listed["id"], listed["to_accept"], listed["acceptances"]) == (id_, True, [])
    text = await read(at_home, id_)
    assert text["html"] == "<h2>One</h2>"
    assert text["digest"] == hashlib.sha256(f"{text['shown_title']}\n{text['html']}".encode()).hexdigest()
    status, accepted = await accept(at_home, id_, shown(text))
    assert (status, {**shown(text), "at": accepted["at"]}) == (200, accepted)
    (listed,) = await terms_of(at_home)
    assert (listed["to_accept"], listed["acceptances"]) == (False, [accepted])

    def told():
        return next((event(one) for one in heard.about(someone) if "terms" in event(one)["type"]), None)

    news = await until(told)
    assert (news["type"], news["authtype"]) == (contract.TermsAccepted.wire, "user")
    assert news["data"]["digest"] == text["digest"]

    async def entered():
        _, history = await at_home("GET", "/activity")
        return [one for one in history["entries"] if one["type"] == contract.TermsAccepted.wire]

    (entry,) = await until(entered)
    assert entry["facts"]["title"] == "Terms 1"


async def test_a_text_is_read_in_ones_language_or_the_one_asked_for(at_home, directory, firm):
    id_ = await publish(directory, firm, "tos", "1", de="Eins", sv="Ett")
    assert (await read(at_home, id_, **SWEDISH))["shown_language"] == "sv"
    assert (await read(at_home, id_))["shown_language"] == "de"
    text = await read(at_home, f"{id_}?language=sv")
    assert (text["shown_language"], text["html"], text["languages"]) == ("sv", "<p>Ett</p>", ["de", "sv"])
    for missing in ("language=en", "version=2", "version=1&language=fr"):
        status, problem = await at_home("GET", f"/privacy/terms/{id_}?{missing}")
        assert (status, problem["key"]) == (404, "terms_not_found")
    assert (await at_home("GET", f"/privacy/terms/{id_}?language=klingon"))[0] == 422


async def test_nothing_of_a_text_reaches_a_reader_but_what_is_on_the_list(at_home, directory, firm):
    text = await read(at_home, await publish(directory, firm, "tos", "1", en=HOSTILE))
    assert text["html"] == (
        "<h2>Rules</h2>\n<p>&lt;script&gt;alert(1)&lt;/script&gt; [no](javascript:alert(1)) "
        '<a href="https://a.example" rel="noopener noreferrer">yes</a> x</p>'
    )


async def test_a_version_that_matters_asks_again_and_the_one_before_can_still_be_read(at_home, directory, firm):
    id_ = await publish(directory, firm, "tos", "1", en="One")
    first = await read(at_home, id_)
    assert (await accept(at_home, id_, shown(first)))[0] == 200
    await publish(directory, firm, "tos", "2", en="Two", material=False)
    assert not (await read(at_home, id_))["to_accept"]
    await publish(directory, firm, "tos", "3", en="Three")
    text = await read(at_home, id_)
    assert (text["to_accept"], text["html"], text["accepted"]) == (True, "<p>Three</p>", None)
    assert [one["version"] for one in text["acceptances"]] == ["1"]
    before = await read(at_home, f"{id_}?version=1")
    assert (before["digest"], before["accepted"]["version"]) == (first["digest"], "1")
    for late in (shown(first), {**shown(text), "digest": first["digest"]}, {**shown(text), "version": "1"}):
        status, problem = await accept(at_home, id_, late)
        assert (status, problem["key"], problem["version"]) == (409, "terms_changed", "3")
    assert (await accept(at_home, id_, shown(text)))[1]["version"] == "3"


async def test_a_version_is_published_once_and_stays_as_it_was(at_home, directory, firm):
    path = f"/system/organizations/{firm}/terms/tos/versions/1"
    wish = {"texts": {"en": {"title": "T", "markdown": "One"}, "sv": {"title": "T", "markdown": "Ett"}}}
    assert (await directory("PUT", path, wish))[0] == 204
    text = await read(at_home, f"{firm}~tos")
    assert (await directory("PUT", path, wish))[0] == 204
    others = (
        {"texts": {**wish["texts"], "en": {"title": "T", "markdown": "Two"}}},
        {"texts": {**wish["texts"], "en": {"title": "U", "markdown": "One"}}},
        {"texts": {"en": wish["texts"]["en"]}},
        {"texts": dict(reversed(wish["texts"].items()))},
        {**wish, "material": False},
    )
    for other in others:
        status, problem = await directory("PUT", path, other)
        assert (status, problem["key"]) == (409, "version_published")
    assert await read(at_home, f"{firm}~tos") == text


async def test_one_version_is_accepted_once_in_whatever_language(at_home, directory, firm):
    id_ = await publish(directory, firm, "tos", "1", en="One", sv="Ett")
    first, other = [await read(at_home, f"{id_}?language={language}") for language in ("sv", "en")]
    accepted = await accept(at_home, id_, shown(first))
    assert await accept(at_home, id_, shown(other)) == accepted
    assert (await terms_of(at_home))[0]["acceptances"] == [accepted[1]]


async def test_of_two_texts_for_one_version_at_once_one_is_published_and_accepted(at_home, directory, firm):
    async def put(text):
        wish, status = {"texts": {"en": {"title": "T", "markdown": text}}}, 503
        while status == 503:  # others wait to be rendered
            status, _ = await directory("PUT", f"/system/organizations/{firm}/terms/tos/versions/1", wish)
        return status

    answers = await asyncio.gather(*(put(f"Text {number}") for number in range(8)))
    assert sorted(answers) == [204] + [409] * 7
    text = await read(at_home, f"{firm}~tos")
    assert text["html"] == f"<p>Text {answers.index(204)}</p>"
    assert (await accept(at_home, f"{firm}~tos", shown(text)))[0] == 200


async def test_withdrawn_terms_ask_nobody_and_stay_with_who_accepted_them(at_home, directory, service, someone, firm):
    id_, other = [await publish(directory, firm, name, "1") for name in ("tos", "other")]
    assert (await accept(at_home, id_, shown(await read(at_home, id_))))[0] == 200
    unread = shown(await read(at_home, other))
    for name in ("tos", "other"):
        assert (await directory("DELETE", f"/system/organizations/{firm}/terms/{name}"))[0] == 204
    assert [(one["id"], one["to_accept"]) for one in await terms_of(at_home)] == [(id_, False)]
    kept = await read(at_home, id_)
    assert (kept["accepted"]["version"], bool(kept["withdrawn_at"])) == ("1", True)
    for asked in (await at_home("GET", f"/privacy/terms/{other}"), await accept(at_home, other, unread)):
        assert (asked[0], asked[1]["key"]) == (410, "terms_not_asked")
    await publish(directory, firm, "other", "1")
    assert (await accept(at_home, other, unread))[0] == 200


async def test_terms_of_others_are_none(at_home, directory, bob, firm):
    await publish(directory, "fabrikam", "unread", "1")
    id_ = await publish(directory, firm, "tos", "1")
    wish = shown(await read(at_home, id_))
    for who, of in (
        (bob, id_),
        (at_home, "fabrikam~unread"),
        (at_home, "nowhere~tos"),
        (at_home, "tos"),
        (at_home, "~"),
    ):
        for status, problem in (await who("GET", f"/privacy/terms/{of}"), await accept(who, of, wish)):
            assert (status, problem["key"]) == (404, "terms_not_found"), of


@pytest.mark.parametrize(
    ("texts", "pointer"),
    [
        ({}, "/texts"),
        ({"en": {"title": "T", "markdown": ""}}, "/texts/en/markdown"),
        ({"en": {"title": "T", "markdown": " \n&nbsp;"}}, "/texts/en/markdown"),
        ({"en": {"title": "T", "markdown": "x" * 60_001}}, "/texts/en/markdown"),
        ({"en": {"title": "", "markdown": "x"}}, "/texts/en/title"),
        ({"$set": {"title": "T", "markdown": "x"}}, None),
        ({"EN": {"title": "T", "markdown": "x"}}, None),
        ({f"a{chr(97 + number)}": {"title": "T", "markdown": "x" * 50_000} for number in range(7)}, None),
    ],
)
async def test_a_text_that_nobody_could_read_is_refused(directory, firm, texts, pointer):
    path = f"/system/organizations/{firm}/terms/tos/versions/1"
    status, problem = await directory("PUT", path, {"texts": texts})
    assert (status, problem["key"]) == (422, "invalid")
    if pointer:
        assert [one["pointer"] for one in problem["errors"]] == [pointer]
    assert (await directory("PUT", path, {"texts": {"en": {"title": "T", "markdown": "Readable"}}}))[0] == 204
