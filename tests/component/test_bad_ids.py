"""Ids that systems and persons give in an address: what is no id is told as such, and what is one is kept as it is."""

import json
from urllib.parse import quote

import pytest

from tests.component.asking import EXPOSED_TO_SYSTEMS, body_of, named, path_of, said

ACCOUNT = {"home_organization": "contoso"}


async def asked_by_hand(portal, caller, method, path, wish):
    """Send an address as it is: a well-made client would take dots for steps and mend the rest."""
    body = json.dumps(wish).encode() if wish is not None else b""
    head = [
        f"{method} /api{path} HTTP/1.1",
        "Host: x",
        *(f"{name}: {value}" for name, value in caller._headers.items()),
        *(["Content-Type: application/json"] if body else []),
        f"Content-Length: {len(body)}",
    ]
    answer = await said(portal, "\r\n".join([*head, "", ""]).encode() + body)
    status = int(answer.split()[1])
    content = answer.partition(b"\r\n\r\n")[2]
    assert b"Traceback" not in answer
    return status, json.loads(content) if content else None


BAD_IDS = {
    "a space": "a%20b",
    "a dollar": "$set",
    "NUL": "a%00",
    "NUL alone": "%00",
    "a line": "a%0A",
    "a slash": "a%2Fb",
    "dots": "%2e%2e",
    "one dot": ".a",
    "steps": "..%2F..%2Fx",
    "another letter": "%C3%A4",
    "a letter that looks alike": "c%D0%BEntoso",
    "half a letter": "%C3",
    "half of a pair": "%ED%A0%80",
    "bytes that are no text": "%FF%FE",
    "a percent sign": "a%25b",
    "too long": "x" * 65,
    "very long": "x" * 4000,
}


@pytest.mark.parametrize("id_", BAD_IDS.values(), ids=BAD_IDS)
@pytest.mark.parametrize("endpoint", EXPOSED_TO_SYSTEMS, ids=named)
async def test_an_id_is_refused_with(unchanged, portal, directory, known, *, endpoint, id_):
    for thing in set(endpoint.path_parameters) - {"account"}:
        path = path_of(endpoint, **{"account": known, thing: id_})
        wish = body_of(endpoint, account=known)
        status, problem = await asked_by_hand(portal, directory, endpoint.method, path, wish)
        assert (status, problem["key"]) == (422, "invalid")
        assert [(one["pointer"], one["key"]) for one in problem["errors"]] == [(f"/{thing}", "pattern")]
        assert problem["errors"][0]["detail"]


BAD_NAMES_OF_ACCOUNTS = {
    "NUL": "a%00b",
    "a bell": "a%07b",
    "a line": "a%0Ab",
    "a line at its end": "a%0A",
    "delete": "a%7Fb",
    "a space before it": "%20a",
    "a space after it": "a%20",
    "a wide space after it": "a%E2%80%83",
    "a space alone": "%20",
    "256 characters": "x" * 256,
    "very long": "x" * 4000,
}


@pytest.mark.parametrize("name", BAD_NAMES_OF_ACCOUNTS.values(), ids=BAD_NAMES_OF_ACCOUNTS)
@pytest.mark.parametrize("endpoint", [one for one in EXPOSED_TO_SYSTEMS if "account" in one.path_parameters], ids=named)
async def test_no_account_is_named_with(unchanged, portal, directory, endpoint, name):
    path = path_of(endpoint, account=name)
    status, problem = await asked_by_hand(portal, directory, endpoint.method, path, body_of(endpoint))
    assert (status, problem["key"]) == (422, "invalid")
    assert [(one["pointer"], one["key"]) for one in problem["errors"]] == [("/account", "pattern")]


NAMES_OF_ACCOUNTS = {
    "255 characters": "x" * 255,
    "one character": "a",
    "dots": "..",
    "one dot": ".",
    "a slash": "a/b",
    "steps": "../../x",
    "an operator": "$where",
    "a field of a field": "a.b.$[]",
    "an address": "auth0|user@contoso.example",
    "a space within": "a b",
    "a question": "a?b=c&d#e",
    "a percent sign": "a%2Fb",
    "another script": "αλφα-مستخدم",
    "another plane": "👩\u200d💻",
    "255 wide characters": "👩" * 255,
    "decomposed": "e\u0301",
    "a separator of lines": "a\u2028b",
    "braces": "{account}",
    "a pattern": "{account:.*}",
    "a backslash": "a\\b",
}


@pytest.mark.parametrize("name", NAMES_OF_ACCOUNTS.values(), ids=NAMES_OF_ACCOUNTS)
async def test_an_account_goes_by_whatever_name_the_provider_gives_it(portal, service, directory, name):
    path = f"/system/accounts/{quote(name, safe='').replace('.', '%2E')}"
    wish = ACCOUNT | {"profile": {"name": "Strange"}}
    status, record = await asked_by_hand(portal, directory, "PUT", path, wish)
    assert (status, record.get("account", record)) == (200, name)
    assert (await asked_by_hand(portal, directory, "PUT", f"{path}/organizations/fabrikam", None))[0] == 204
    _, seen = await service("organizations", name)("GET", "/organizations")
    assert seen["profile"]["account"] == name
    assert [one["id"] for one in seen["organizations"]] == ["contoso", "fabrikam"]
    assert (await asked_by_hand(portal, directory, "DELETE", f"{path}/organizations/fabrikam", None))[0] == 204


@pytest.mark.parametrize("id_", [*(BAD_IDS.values()), "fabrikam.", "FABRIKAM"])
@pytest.mark.parametrize("method", ["PATCH", "POST"])
async def test_a_person_finds_no_device_by_a_strange_id(unchanged, portal, program, *, method, id_):
    path, wish = (f"/devices/{id_}", {"name": "x"}) if method == "PATCH" else (f"/devices/{id_}/disable", None)
    status, problem = await asked_by_hand(portal, program, method, path, wish or {"reason": "lost"})
    assert (status, problem["key"]) == (404, "device_not_found")


@pytest.mark.parametrize("id_", [*(BAD_IDS.values()), "contoso.", "CONTOSO"])
async def test_a_person_leaves_no_organization_and_ends_no_session_by_a_strange_id(unchanged, portal, program, id_):
    status, problem = await asked_by_hand(portal, program, "POST", f"/organizations/{id_}/leave", None)
    assert (status, problem["key"]) == (404, "organization_not_found")
    status, problem = await asked_by_hand(portal, program, "DELETE", f"/sessions/{id_}", None)
    assert (status, problem["key"]) == (404, "session_not_found")
