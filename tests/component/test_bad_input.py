"""What programs get wrong is told field by field, in their language, and never with a failure of ours."""

import gzip
import json

import pytest

from tests.component.asking import said
from tests.component.setting_up import add, begin

METHODS = "/security-info/methods"
GOOD = {"type": "authenticator-app", "name": "Phone"}
LIMIT = 64 * 1024


@pytest.fixture(scope="module")
async def send(portal, http, program):
    """Send to `POST /api/security-info/methods` whatever is given, and give response and problem."""

    async def sending(data, *, path=METHODS, method="POST", content_type="application/json", **headers):
        sent = {**program._headers, "Content-Type": content_type, **headers}
        async with http.request(method, f"{portal.url}/api{path}", data=data, headers=sent) as response:
            return response, await response.json(content_type=None)

    return sending


def told(answer, status, key):
    """Check that it is a problem as RFC 9457 has them, with nothing of our insides."""
    response, problem = answer
    assert (response.status, problem["status"], problem["key"]) == (status, status, key)
    assert response.content_type == "application/problem+json"
    assert problem["type"] == f"/problems/{key}"
    assert problem["title"]
    assert problem["detail"]
    assert not any(word in json.dumps(problem) for word in ("Traceback", "File \\", "pydantic", "aiohttp", "site-pack"))
    return problem


BODIES = {
    "nothing": (b"", 400, "malformed", None),
    "no JSON": (b"name=Phone", 400, "malformed", None),
    "half of it": (b'{"type": "authenticator-app"', 400, "malformed", None),
    "two of them": (b"{}{}", 400, "malformed", None),
    "bytes that are no text": (b'{"type": "authenticator-app", "name": "\xff\xfe"}', 400, "malformed", None),
    "half a character": (rb'{"type": "authenticator-app", "name": "\ud800"}', 400, "malformed", None),
    "very deep": (b"[" * 30_000 + b"]" * 30_000, 400, "malformed", None),
    "very deep objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400, "malformed", None),
    "an array": (b"[]", 422, "invalid", ("", "model_type")),
    "null": (b"null", 422, "invalid", ("", "model_type")),
    "a text": (b'"authenticator-app"', 422, "invalid", ("", "model_type")),
    "a number that is none": (b"NaN", 422, "invalid", ("", "model_type")),
    "nothing in it": (b"{}", 422, "invalid", ("/type", "missing")),
    "another type": (b'{"type": "carrier-pigeon"}', 422, "invalid", ("/type", "literal_error")),
    "a wrong type": (b'{"type": 7}', 422, "invalid", ("/type", "literal_error")),
    "an object for a text": (b'{"type": "authenticator-app", "name": {}}', 422, "invalid", ("/name", "string_type")),
    "a number for a text": (b'{"type": "authenticator-app", "name": 7}', 422, "invalid", ("/name", "string_type")),
    "an unknown field": (b'{"type": "authenticator-app", "nmae": "x"}', 422, "invalid", ("/nmae", "extra_forbidden")),
    "an unknown field with signs": (
        b'{"type": "authenticator-app", "a/b~c": 1}',
        422,
        "invalid",
        ("/a~1b~0c", "extra_forbidden"),
    ),
}


@pytest.mark.parametrize(("body", "status", "key", "fault"), BODIES.values(), ids=BODIES)
async def test_a_body_is_refused_that_is(send, body, status, key, fault):
    problem = told(await send(body), status, key)
    if fault:
        (error,) = problem["errors"]
        assert (error["pointer"], error["key"]) == fault
        assert error["detail"]


async def test_a_body_has_a_limit_said_before_or_not(send):
    padded = json.dumps(GOOD).encode()
    too_large = padded + b" " * (LIMIT + 1 - len(padded))

    async def in_chunks(body):
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    for data in (too_large, in_chunks(too_large), in_chunks(too_large * 4)):
        problem = told(await send(data), 413, "too_large")
        assert problem["limit"] == LIMIT
    bomb = gzip.compress(padded + b" " * 20_000_000)
    assert len(bomb) < LIMIT
    told(await send(bomb, **{"Content-Encoding": "gzip"}), 413, "too_large")
    for data in (too_large[:LIMIT], in_chunks(too_large[:LIMIT])):
        response, _ = await send(data)
        assert response.status == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "nonsense"])
async def test_a_body_of_another_content_type_is_refused(send, kind):
    told(await send(json.dumps(GOOD), content_type=kind), 415, "wrong_content_type")


async def test_a_body_that_is_not_packed_as_it_says_is_malformed(send):
    told(await send(json.dumps(GOOD), **{"Content-Encoding": "gzip"}), 400, "malformed")


async def test_chunks_that_are_none_are_malformed(portal, program):
    head = b"POST /api/security-info/methods HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    signed = f"Authorization: {program._headers['Authorization']}\r\n".encode()
    answer = await said(portal, head + signed + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n")
    assert answer.split()[1] == b"400"
    assert b"Traceback" not in answer


CODES = {
    "letters": "abcdef",
    "five digits": "12345",
    "seven digits": "1234567",
    "digits of another script": "١٢٣٤٥٦",
    "a sign": "+12345",
    "nothing": "",
}


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
async def test_a_code_of_another_form_is_refused_and_costs_no_attempt(program, code):
    setup = await begin(program)
    path = f"{METHODS}/{setup['method_id']}/confirm"
    status, problem = await program("POST", path, {"code": code})
    assert (status, problem["errors"][0]["pointer"], problem["errors"][0]["key"]) == (422, "/code", "six_digits")
    assert code not in json.dumps(problem) or not code
    assert (await program("POST", path, {"code": "000 000"}))[1].get("attempts_left", 4) == 4
    await program("DELETE", f"{METHODS}/{setup['method_id']}")


async def test_every_fault_is_told_at_once(send):
    problem = told(await send(b'{"name": 1, "other": 2}'), 422, "invalid")
    assert {error["pointer"] for error in problem["errors"]} == {"/type", "/name", "/other"}


@pytest.mark.parametrize("id_", ["a%20b", "a.b", "$set", "%00", "%2e%2e", "%2e", "..%2fx", "%2F", "%C3%A4", "x" * 2000])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_a_strange_id_is_an_unknown_method(portal, program, method, id_):
    # Sent by hand: a well-made client would take the dots for steps.
    body = b'{"name": "x"}' if method == "PATCH" else b""
    head = [
        f"{method} /api{METHODS}/{id_} HTTP/1.1",
        "Host: x",
        *(f"{name}: {value}" for name, value in program._headers.items()),
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    answer = await said(portal, "\r\n".join([*head, "", ""]).encode() + body)
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b'"key":"method_not_found"' in answer


async def test_a_command_id_of_another_form_is_refused(send):
    for id_ in ("", "a b", "x" * 65, "ä", "a.b", "$set"):
        problem = told(await send(json.dumps(GOOD), **{"Idempotency-Key": id_}), 422, "invalid")
        assert problem["errors"][0]["pointer"] == "/Idempotency-Key"


async def test_a_confirmed_method_is_not_confirmed_again(program):
    setup = await add(program)
    path = f"{METHODS}/{setup['method_id']}"
    status, problem = await program("POST", f"{path}/confirm", {"code": "123456"})
    assert (status, problem["key"]) == (409, "method_confirmed_already")
    assert (await program("DELETE", path))[0] == 204
