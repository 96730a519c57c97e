"""What programs get wrong in an address, and the words that they are told it with."""

import json
import re

import pytest

from tests.component.asking import EXPOSED, named, path_of, said

QUERIES = {
    "a limit of nothing": ("limit=0", "/limit", "greater_than_equal"),
    "a negative limit": ("limit=-1", "/limit", "greater_than_equal"),
    "a large limit": ("limit=101", "/limit", "less_than_equal"),
    "a limit in words": ("limit=abc", "/limit", "int_parsing"),
    "an empty limit": ("limit=", "/limit", "int_parsing"),
    "a huge limit": ("limit=" + "9" * 5000, "/limit", "int_parsing_size"),
    "half a limit": ("limit=1.5", "/limit", "int_parsing"),
    "a long place": ("before=" + "1" * 161, "/before", "string_too_long"),
    "a long search": ("q=" + "x" * 101, "/q", "string_too_long"),
    "a part that there is not": ("part=weather", "/part", "literal_error"),
    "an empty part": ("part=", "/part", "literal_error"),
    "an actor that there is not": ("by=nobody", "/by", "literal_error"),
    "a day without a time": ("since=2026-03-01", "/since", "timezone_aware"),
    "a moment in no time zone": ("until=2026-03-01T00:00:00", "/until", "timezone_aware"),
    "a moment out of the calendar": ("until=9999-12-31T23:59:59-12:00", "/until", "datetime_object_invalid"),
    "an unknown field": ("page=2", "/page", "extra_forbidden"),
    "a field with NUL": ("q=a%00b", "/q", "characters"),
    "a field said twice": ("limit=1&limit=2", "/limit", "repeated"),
}


@pytest.mark.parametrize(("query", "pointer", "key"), QUERIES.values(), ids=QUERIES)
async def test_a_question_is_refused_with(program, query, pointer, key):
    status, problem = await program("GET", f"/activity?{query}")
    assert (status, problem["key"]) == (422, "invalid")
    assert [(error["pointer"], error["key"]) for error in problem["errors"]] == [(pointer, key)]


@pytest.mark.parametrize(
    "before", ["", "x", "1", ".", "9" * 64, "-" + "9" * 20, "253402300799999.x", "nan", "1e9.x", "²"]
)
async def test_a_place_that_no_page_gave_is_refused_or_has_nothing(program, before):
    status, answer = await program("GET", "/activity", params={"before": before})
    if status == 200:
        assert answer == {"entries": [], "next": None, "searched_until": None}
    else:
        assert (status, answer["key"]) == (422, "place_unknown")


@pytest.mark.parametrize("q", [".*", "(", "[a-", "$ne", "\\", "^", "a" * 100, "ÅÄÖ", "%", " ", "\u200b", "\ufffd"])
async def test_a_search_finds_words_and_not_patterns(program, q):
    status, answer = await program("GET", "/activity", params={"q": q})
    assert status == 200
    assert answer["next"] is None


async def test_bytes_that_are_no_text_cause_no_failure(portal, program):
    signed = program._headers["Authorization"].encode()
    for line in (
        b"GET /api/activity?q=\xff",
        b"GET /api/activity?q=%ff%fe",
        b"GET /api/activity?before=\xff",
        b"DELETE /api/security-info/methods/\xff",
        b"DELETE /api/security-info/methods/%ed%a0%80",
        b"GET /\xff",
        b"GET /api/\xff",
        b"GET /signed-in?state=\xff&code=\xff",
        b"GET /sign-in?return_to=\xff",
        b"GET /sign-in?return_to=%ff",
        b"GET /sign-in?return_to=/%ed%a0%80",
        b"GET /problems/\xff",
    ):
        answer = await said(portal, line + b" HTTP/1.1\r\nHost: x\r\nAuthorization: " + signed + b"\r\n\r\n")
        assert answer.split()[1][:1] in {b"2", b"3", b"4"}, (line, answer[:300])
        assert b"Traceback" not in answer
    for header in (b"If-None-Match: \xff", b"Accept-Language: \xff", b"User-Agent: \xff", b"Cookie: language=\xff"):
        answer = await said(
            portal, b"GET /api/activity HTTP/1.1\r\nHost: x\r\nAuthorization: %b\r\n%b\r\n\r\n" % (signed, header)
        )
        assert answer.startswith(b"HTTP/1.1 200"), (header, answer[:300])
    for header in (b"Idempotency-Key: \xff", b"If-Match: \xff"):
        line = b"DELETE /api/security-info/methods/m HTTP/1.1\r\nHost: x\r\n"
        answer = await said(portal, line + b"Authorization: %b\r\n%b\r\n\r\n" % (signed, header))
        assert answer.startswith(b"HTTP/1.1 4"), (header, answer[:300])


@pytest.mark.parametrize("path", ["", "nothing", "security-info/", "security-info/methods/m/setup", "openapi.yaml"])
async def test_an_unknown_address_is_told_as_a_problem(http, portal, program, path):
    async with http.get(f"{portal.url}/api/{path}", headers=program._headers) as response:
        assert response.status == 404
        assert response.content_type == "application/problem+json"
        assert (await response.json(content_type=None))["key"] == "not_found"


def answers(endpoint, path):
    """Tell whether an address is one of the endpoint's."""
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", endpoint.path), path)


@pytest.mark.parametrize("endpoint", EXPOSED, ids=named)
async def test_another_way_of_asking_is_told_with_those_that_there_are(http, portal, program, endpoint):
    path = path_of(endpoint)
    others = {one.method for one in EXPOSED if answers(one, path)}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "REPORT"} - others:
        async with http.request(method, f"{portal.url}/api{path}", headers=program._headers) as response:
            assert response.status == 405, method
            assert response.content_type == "application/problem+json"
            assert (await response.json(content_type=None))["key"] == "method_not_allowed"
            assert others <= {one.strip() for one in response.headers["Allow"].split(",")}


REFUSED = {
    "malformed": ("POST", "/security-info/methods", b"{"),
    "invalid": ("POST", "/security-info/methods", b'{"type": 1, "name": 2, "x": 3}'),
    "wrong_content_type": ("POST", "/security-info/methods", None),
    "method_not_found": ("DELETE", "/security-info/methods/m", b""),
    "not_found": ("GET", "/nothing", b""),
    "method_not_allowed": ("POST", "/overview", b""),
    "place_unknown": ("GET", "/activity?before=x", b""),
    "too_large": ("POST", "/security-info/methods", b" " * 70_000),
}


@pytest.mark.parametrize("asked", REFUSED.values(), ids=REFUSED)
async def test_a_refusal_speaks_the_callers_language(http, portal, program, request, asked):
    method, path, body = asked
    spoken = {}
    for wanted in ("en", "sv", "sv-SE,sv;q=0.9,en;q=0.8", "de"):
        kind = {"Content-Type": "application/json" if body is not None else "text/plain"}
        headers = {**program._headers, "Accept-Language": wanted, **kind}
        async with http.request(method, f"{portal.url}/api{path}", data=body or b"x", headers=headers) as response:
            spoken[wanted] = await response.json(content_type=None)
    assert spoken["en"] == spoken["de"]
    assert spoken["sv"] == spoken["sv-SE,sv;q=0.9,en;q=0.8"]
    assert spoken["en"]["key"] == request.node.callspec.id
    for words in ("title", "detail"):
        assert spoken["en"][words] != spoken["sv"][words]
    faults = list(zip(spoken["en"].get("errors", ()), spoken["sv"].get("errors", ()), strict=True))
    assert all(english["detail"] != swedish["detail"] for english, swedish in faults)
    assert "Traceback" not in json.dumps(spoken)


async def test_someone_without_a_token_is_told_in_their_language(http, portal):
    said_ = []
    for wanted in ("en", "sv"):
        async with http.get(f"{portal.url}/api/overview", headers={"Accept-Language": wanted}) as response:
            said_.append((await response.json(content_type=None))["title"])
    assert len(set(said_)) == 2


async def test_a_large_form_of_a_page_is_told_as_such(http, portal):
    form = {"language": "sv", "more": "x" * 100_000}
    async with http.post(f"{portal.url}/language", data=form, headers={"Origin": portal.url}) as response:
        assert response.status == 413


async def test_an_expectation_that_nobody_meets_is_no_failure(portal):
    answer = await said(portal, b"POST /language HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\nContent-Length: 0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 4")
