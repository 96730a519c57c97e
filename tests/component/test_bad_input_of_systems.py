"""What systems get wrong is told field by field and never with a failure of ours, and nothing comes of it."""

import json
from io import BytesIO

import pytest

from tests.component.asking import ONE_BY_ONE, named, organization, path_of
from tests.component.putting_in import LAPTOP

PUT_ORGANIZATION = "/system/organizations/contoso"
ACCOUNT = {"home_organization": "contoso"}
DEVICE = LAPTOP | {"organization_id": "contoso"}


def contact(**told):
    return organization("contoso") | {"contacts": [{"role": "help", **told}]}


LONG = "x" * 2000
HTTPS = "https://contoso.example/"
BAD_ORGANIZATIONS = {
    "nothing in it": ({}, "/name", "missing"),
    "no name": ({"name": None}, "/name", "string_type"),
    "an empty name": ({"name": " "}, "/name", "string_too_short"),
    "a long name": ({"name": "x" * 61}, "/name", "string_too_long"),
    "a name with NUL": ({"name": "a\0b"}, "/name", "characters"),
    "a number for a name": ({"name": 7}, "/name", "string_type"),
    "an id in the body": (organization("contoso") | {"id": "contoso"}, "/id", "extra_forbidden"),
    "an operator": (organization("contoso") | {"$set": {}}, "/$set", "extra_forbidden"),
    "a statement by http": (
        organization("contoso") | {"privacy_statement": "http://contoso.example/"},
        "/privacy_statement",
        "web_address",
    ),
    "a statement that is a script": (
        organization("contoso") | {"privacy_statement": "javascript:alert(1)"},
        "/privacy_statement",
        "web_address",
    ),
    "a statement nowhere": (organization("contoso") | {"privacy_statement": "https://"}, "/privacy_statement", None),
    "a statement that is long": (
        organization("contoso") | {"privacy_statement": HTTPS + LONG},
        "/privacy_statement",
        "string_too_long",
    ),
    "an empty statement": (organization("contoso") | {"privacy_statement": ""}, "/privacy_statement", "web_address"),
    "contacts that are none": (organization("contoso") | {"contacts": "help"}, "/contacts", "tuple_type"),
    "contacts that are null": (organization("contoso") | {"contacts": None}, "/contacts", "tuple_type"),
    "eleven contacts": (
        organization("contoso") | {"contacts": [{"role": "help", "page": HTTPS}] * 11},
        "/contacts",
        "too_long",
    ),
    "a contact that is none": (organization("contoso") | {"contacts": [7]}, "/contacts/0", "model_type"),
    "a contact nobody can reach": (contact(name="Help desk"), "/contacts/0", "unreachable"),
    "a contact with nulls": (contact(email=None, telephone=None, page=None), "/contacts/0", "unreachable"),
    "a contact of another role": (contact(role="boss", page=HTTPS), "/contacts/0/role", "literal_error"),
    "a contact without a role": (
        organization("contoso") | {"contacts": [{"page": HTTPS}]},
        "/contacts/0/role",
        "missing",
    ),
    "a page by http": (contact(page="http://contoso.example/"), "/contacts/0/page", "web_address"),
    "a page that is data": (contact(page="data:text/html,x"), "/contacts/0/page", "web_address"),
    "a page without a scheme": (contact(page="//contoso.example"), "/contacts/0/page", "web_address"),
    "an e-mail address that is none": (contact(email="help"), "/contacts/0/email", None),
    "an e-mail address with a line": (contact(email="a@b.example\nBcc: c@d.example"), "/contacts/0/email", None),
    "a long e-mail address": (contact(email=f"{LONG}@b.example"), "/contacts/0/email", None),
    "a telephone that is none": (contact(telephone="call me"), "/contacts/0/telephone", "string_pattern_mismatch"),
    "a telephone with a line": (contact(telephone="+46 8\n555"), "/contacts/0/telephone", "string_pattern_mismatch"),
    "a telephone in other digits": (contact(telephone="٠٨٥٥"), "/contacts/0/telephone", "string_pattern_mismatch"),
    "a long telephone": (contact(telephone="1" * 41), "/contacts/0/telephone", "string_too_long"),
    "a second contact nobody can reach": (
        organization("contoso") | {"contacts": [{"role": "help", "page": HTTPS}, {"role": "privacy"}]},
        "/contacts/1",
        "unreachable",
    ),
}


def refused(answer, pointer, key):
    status, problem = answer
    assert (status, problem["key"]) == (422, "invalid"), problem
    (error,) = problem["errors"]
    assert error["pointer"] == pointer
    assert key in {None, error["key"]}
    assert error["detail"]
    assert problem["title"]
    assert LONG not in json.dumps(problem)


@pytest.mark.parametrize(("wish", "pointer", "key"), BAD_ORGANIZATIONS.values(), ids=BAD_ORGANIZATIONS)
async def test_an_organization_is_refused_with(unchanged, directory, wish, pointer, key):
    refused(await directory("PUT", PUT_ORGANIZATION, wish), pointer, key)


BAD_ACCOUNTS = {
    "nothing in it": ({}, "/home_organization", "missing"),
    "a home that is no id": ({"home_organization": "a/b"}, "/home_organization", "string_pattern_mismatch"),
    "a home with dots alone": ({"home_organization": ".."}, "/home_organization", "string_pattern_mismatch"),
    "a home that is an operator": ({"home_organization": "$ne"}, "/home_organization", "string_pattern_mismatch"),
    "a home that is a question": ({"home_organization": {"$ne": ""}}, "/home_organization", "string_type"),
    "a home with a line at its end": ({"home_organization": "contoso\n"}, "/home_organization", None),
    "a home with NUL": ({"home_organization": "contoso\0"}, "/home_organization", "string_pattern_mismatch"),
    "a long home": ({"home_organization": "x" * 65}, "/home_organization", "string_pattern_mismatch"),
    "a profile that is none": (ACCOUNT | {"profile": []}, "/profile", "model_type"),
    "a profile that is null": (ACCOUNT | {"profile": None}, "/profile", "model_type"),
    "an unknown fact": (ACCOUNT | {"profile": {"salary": 1}}, "/profile/salary", "extra_forbidden"),
    "an empty name": (ACCOUNT | {"profile": {"name": ""}}, "/profile/name", "string_too_short"),
    "a long name": (ACCOUNT | {"profile": {"name": "x" * 121}}, "/profile/name", "string_too_long"),
    "a name with NUL": (ACCOUNT | {"profile": {"name": "a\0"}}, "/profile/name", "characters"),
    "a title with a line": (ACCOUNT | {"profile": {"title": "a\nb"}}, "/profile/title", "characters"),
    "an e-mail address that is none": (ACCOUNT | {"profile": {"email": "@"}}, "/profile/email", None),
    "an office that is a number": (ACCOUNT | {"profile": {"office": 1}}, "/profile/office", "string_type"),
    "disabled in words": (ACCOUNT | {"disabled": "perhaps"}, "/disabled", "bool_parsing"),
    "disabled by nothing": (ACCOUNT | {"disabled": None}, "/disabled", "bool_type"),
    "an account in the body": (ACCOUNT | {"account": "alice"}, "/account", "extra_forbidden"),
    "memberships": (ACCOUNT | {"memberships": {}}, "/memberships", "extra_forbidden"),
}


@pytest.mark.parametrize(("wish", "pointer", "key"), BAD_ACCOUNTS.values(), ids=BAD_ACCOUNTS)
async def test_an_account_is_refused_with(unchanged, directory, known, *, wish, pointer, key):
    refused(await directory("PUT", f"/system/accounts/{known}", wish), pointer, key)


def last_active(at):
    return DEVICE | {"last_active_at": at}, "/last_active_at", None


BAD_DEVICES = {
    "no organization": ({"name": "x", "kind": "laptop"}, "/organization_id", "missing"),
    "an organization that is no id": (DEVICE | {"organization_id": "a b"}, "/organization_id", None),
    "no name": (DEVICE | {"name": "\u200b"}, "/name", "characters"),
    "a name with NUL": (DEVICE | {"name": "\0"}, "/name", "characters"),
    "another kind": (DEVICE | {"kind": "toaster"}, "/kind", "literal_error"),
    "an empty maker": (DEVICE | {"maker": ""}, "/maker", "string_too_short"),
    "a long model": (DEVICE | {"model": "x" * 121}, "/model", "string_too_long"),
    "another way of joining": (DEVICE | {"join_type": "married"}, "/join_type", "literal_error"),
    "no compliance": (DEVICE | {"compliance": None}, "/compliance", "literal_error"),
    "a moment without its zone": last_active("2026-03-01T09:00:00"),
    "a moment that is none": last_active("yesterday"),
    "a moment before all calendars": last_active("0001-01-01T00:00:00+14:00"),
    "a moment after all calendars": last_active("9999-12-31T23:59:59-14:00"),
    "a moment before there were any": last_active(-1),
    "a huge moment": last_active(1e300),
    "what the person decides": (DEVICE | {"disabled_reason": "lost"}, "/disabled_reason", "extra_forbidden"),
    "what the portal decides": (DEVICE | {"connected_at": 0}, "/connected_at", "extra_forbidden"),
}


@pytest.mark.parametrize(("wish", "pointer", "key"), BAD_DEVICES.values(), ids=BAD_DEVICES)
async def test_a_device_is_refused_with(unchanged, directory, known, *, wish, pointer, key):
    refused(await directory("PUT", f"/system/accounts/{known}/devices/d", wish), pointer, key)


NOT_IN_TIME = {
    "PATCH /devices/d": ({"name": ""}, "/name"),
    "PATCH  /devices/d": ({"name": "x" * 61}, "/name"),
    "PATCH   /devices/d": ({"nmae": "x", "name": "x"}, "/nmae"),
    "POST /devices/d/disable": ({"reason": "bored"}, "/reason"),
    "POST  /devices/d/disable": ({}, "/reason"),
    "POST   /devices/d/disable": ({"reason": ["lost"]}, "/reason"),
}


@pytest.mark.parametrize("asked", NOT_IN_TIME)
async def test_a_person_is_told_what_is_wrong_about_a_device(unchanged, program, known, asked):
    method, path = asked.split()
    wish, pointer = NOT_IN_TIME[asked]
    refused(await program(method, path, wish), pointer, None)


UNREADABLE = [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"name": "\xff"}', rb'{"name":"\ud800"}']


@pytest.mark.parametrize("content", UNREADABLE)
@pytest.mark.parametrize("endpoint", [one for one in ONE_BY_ONE if one.request and not one.optional_body], ids=named)
async def test_a_body_that_cannot_be_read_is_told_as_such(
    unchanged, http, portal, directory, known, *, endpoint, content
):
    url = f"{portal.url}/api{path_of(endpoint, account=known)}"
    headers = {**directory._headers, "Content-Type": "application/json"}
    async with http.request(endpoint.method, url, data=content, headers=headers) as response:
        problem = await response.json(content_type=None)
        assert (response.status, problem["key"]) in {(400, "malformed"), (422, "invalid")}
    much = BytesIO(b"x" * (endpoint.body_limit + 1))
    async with http.request(endpoint.method, url, data=much, headers=headers) as response:
        assert response.status == 413
    async with http.request(endpoint.method, url, data=b"{}", headers=directory._headers) as response:
        assert response.status == 415


async def test_an_organization_that_is_not_there_is_told_as_such(unchanged, directory, known):
    account = f"/system/accounts/{known}"
    for method, path, wish in (
        ("PUT", account, {"home_organization": "nowhere"}),
        ("PUT", f"{account}/organizations/nowhere", None),
        ("DELETE", f"{account}/organizations/nowhere", None),
    ):
        status, problem = await directory(method, path, wish)
        assert (status, problem["key"]) == (404, "organization_not_found"), path


async def test_a_refusal_speaks_the_callers_language(directory, known):
    asked = ("PUT", f"/system/accounts/{known}/devices/d", {"kind": "toaster"})
    (_, english), (_, swedish) = [
        await directory(*asked, headers={"Accept-Language": language}) for language in ("en", "sv")
    ]
    assert english["title"] != swedish["title"]
    assert [one["key"] for one in english["errors"]] == [one["key"] for one in swedish["errors"]]
    faults = zip(english["errors"], swedish["errors"], strict=True)
    assert all(one["detail"] != other["detail"] for one, other in faults)
