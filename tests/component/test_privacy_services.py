"""Services to which accounts are connected, and uses of data, from the organization to the person."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts import privacy as contract
from tests.component.asking import organization
from tests.component.listening import event, listening
from tests.component.putting_in import connect, put_account, put_service
from tests.waiting import until

USED = datetime(2026, 11, 20, 9, tzinfo=UTC)
USE = {
    "category": "pd:EmailAddress",
    "purpose": "dpv:ServiceProvision",
    "legal_basis": "eu-gdpr:A6-1-b",
    "source": "organization",
    "retention": {"en": "Two years", "sv": "Två år"},
    "held": "profile",
}


@pytest.fixture
async def firm(directory):
    """An organization that no other test has."""
    name = f"firm-{secrets.token_hex(4)}"
    assert (await directory("PUT", f"/system/organizations/{name}", organization(name)))[0] == 200
    return name


@pytest.fixture
async def employee(directory, someone, firm):
    """An account at home in that organization."""
    await put_account(directory, someone, home_organization=firm)
    return someone


@pytest.fixture(scope="module")
async def heard(plan):
    """All news while the tests of this module run."""
    async with listening(plan.broker_url("subscriber"), "services") as listened:
        yield listened


async def services_of(api):
    status, seen = await api("GET", "/privacy")
    assert status == 200
    return seen["services"]


async def homes_of(api):
    return [one["id"] for one in (await api("GET", "/organizations"))[1]["organizations"]]


def told(heard, account, kind):
    return [event(one)["data"] for one in heard.about(account) if event(one)["type"] == kind.wire]


async def test_a_service_is_shown_with_what_it_sees_and_its_use_is_noted(heard, api, directory, employee, firm):
    sees = ["pd:EmailAddress", "pd:Name"]
    id_ = await put_service(directory, firm, "mail", sees=sees, publisher="Post Ltd", page="https://post.example/")
    await connect(directory, employee, firm, "mail", last_used_at=USED.isoformat())
    await connect(directory, employee, firm, "mail", last_used_at=(USED - timedelta(days=1)).isoformat())
    await connect(directory, employee, firm, "mail")
    (shown,) = await services_of(api)
    assert (shown["id"], shown["name"], shown["publisher"], shown["sees"]) == (id_, "Mail", "Post Ltd", sees)
    assert datetime.fromisoformat(shown["last_used_at"]) == USED
    assert not shown["can_disconnect"]
    news = await until(lambda: told(heard, employee, contract.ServiceConnected))
    assert news == [{"service_id": "mail", "organization_id": firm, "name": "Mail"}]
    _, overview = await api("GET", "/overview")
    assert overview["privacy"]["available"]


async def test_a_person_disconnects_where_they_may(heard, api, directory, employee, firm):
    kept = await put_service(directory, firm, "mail")
    gone = await put_service(directory, firm, "chat", may_disconnect=True)
    for service_id in ("mail", "chat"):
        await connect(directory, employee, firm, service_id)
    status, problem = await api("POST", f"/privacy/services/{kept}/disconnect")
    assert (status, problem["key"]) == (409, "disconnecting_forbidden")
    key = {"headers": {"Idempotency-Key": "disconnect-once"}}
    answers = await asyncio.gather(*(api("POST", f"/privacy/services/{gone}/disconnect", **key) for _ in range(5)))
    assert {status for status, _ in answers} == {204}
    assert [one["id"] for one in await services_of(api)] == [kept]
    news = await until(lambda: told(heard, employee, contract.ServiceDisconnected))
    assert news == [{"service_id": "chat", "organization_id": firm, "name": "Chat", "reason": "person"}]
    for of in (gone, "mail", f"{firm}~nothing", "fabrikam~mail", "~"):
        status, problem = await api("POST", f"/privacy/services/{of}/disconnect")
        assert (status, problem["key"]) == (404, "service_not_found"), of

    await connect(directory, employee, firm, "chat")
    assert (await api("POST", f"/privacy/services/{gone}/disconnect", **key))[0] == 204
    assert len(await services_of(api)) == 2, "an echo does not disconnect what was connected since"


async def test_leaving_disconnects_and_coming_back_does_not_connect(heard, api, directory, member, firm):
    assert (await directory("PUT", f"/system/accounts/{member}/organizations/{firm}"))[0] == 204
    await put_service(directory, firm, "mail")
    await put_service(directory, "fabrikam", "kept")
    await connect(directory, member, firm, "mail")
    await connect(directory, member, "fabrikam", "kept")
    assert (await api("POST", f"/organizations/{firm}/leave"))[0] == 204
    news = await until(lambda: told(heard, member, contract.ServiceDisconnected))
    assert news == [{"service_id": "mail", "organization_id": firm, "name": "Mail", "reason": "membership_ended"}]
    assert [one["id"] for one in await services_of(api)] == ["fabrikam~kept"]
    path = f"/system/accounts/{member}/organizations/{firm}"
    status, problem = await directory("PUT", f"{path}/services/mail", {})
    assert (status, problem["key"]) == (409, "not_a_member")
    assert (await directory("PUT", path))[0] == 204
    await until(lambda: _belongs(api, firm))
    assert [one["id"] for one in await services_of(api)] == ["fabrikam~kept"]


async def _belongs(api, firm):
    return firm in {one["organization_id"] for one in (await api("GET", "/privacy"))[1]["notices"]}


async def test_whoever_was_connected_to_what_is_taken_out_is_disconnected_and_told(
    heard, api, directory, mongo, employee
):
    (firm,) = await homes_of(api)
    for service_id in ("mail", "chat"):
        await put_service(directory, firm, service_id)
        await connect(directory, employee, firm, service_id)
    path = f"/system/organizations/{firm}/services/mail"
    for _ in range(2):
        assert (await directory("DELETE", path))[0] == 204
    assert [one["name"] for one in await services_of(api)] == ["Chat"]
    news = await until(lambda: told(heard, employee, contract.ServiceDisconnected))
    assert news == [{"service_id": "mail", "organization_id": firm, "name": "Mail", "reason": "organization"}]
    kept = await mongo["privacy"]["accounts"].find_one({"_id": employee})
    assert (list(kept["services"][firm]), len(kept["entries"])) == (["chat"], 1)
    await put_service(directory, firm, "mail")
    assert [one["name"] for one in await services_of(api)] == ["Chat"]
    await connect(directory, employee, firm, "mail")
    assert len(await services_of(api)) == 2


async def test_a_connection_that_was_made_while_the_service_was_taken_out_goes_too(
    heard, api, directory, employee, firm
):
    await put_service(directory, firm, "mail")
    await connect(directory, employee, firm, "mail")
    account = f"/system/accounts/{employee}/organizations/{firm}/services/mail"
    service = f"/system/organizations/{firm}/services/mail"
    for _ in range(10):
        answers = await asyncio.gather(
            *(directory("PUT", account, {}) for _ in range(3)),
            directory("DELETE", service),
            *(directory("PUT", account, {}) for _ in range(3)),
        )
        assert {status for status, _ in answers} <= {204, 404}
        assert await services_of(api) == []
        assert (await directory("DELETE", account))[0] == 204
        assert (await directory("PUT", service, {"name": "Mail"}))[0] == 204

    def balanced():
        return len(told(heard, employee, contract.ServiceDisconnected)) >= 10

    await until(balanced)
    connected, gone = (
        len(told(heard, employee, kind)) for kind in (contract.ServiceConnected, contract.ServiceDisconnected)
    )
    assert connected == gone
    assert await services_of(api) == []


async def test_only_members_are_connected_and_only_to_what_there_is(directory, someone, employee, firm):
    path = f"/system/accounts/{someone}/organizations"
    status, problem = await directory("PUT", f"{path}/fabrikam/services/mail", {})
    assert (status, problem["key"]) == (409, "not_a_member")

    async def heard_of():
        status, problem = await directory("PUT", f"{path}/{firm}/services/nothing")
        return (status, problem["key"]) == (404, "service_not_found")

    await until(heard_of)
    assert (await directory("DELETE", f"{path}/{firm}/services/nothing"))[0] == 204


async def test_uses_of_data_are_shown_in_ones_language_and_taken_out(api, directory, employee, firm):
    path = f"/system/organizations/{firm}/data-uses/address"
    for _ in range(2):
        assert (await directory("PUT", path, USE))[0] == 204
    await until(lambda: _belongs(api, firm))
    for language, retention in (("sv", "Två år"), ("en", "Two years")):
        (use,) = (await api("GET", "/privacy", headers={"Accept-Language": language}))[1]["data_uses"]
        told = {"text": retention, "language": language}
        assert (use["id"], use["retention"], use["recipients"]) == (f"{firm}~address", told, None)
        assert (use["category"], use["held"]) == (USE["category"], "profile")
    assert (await directory("DELETE", path))[0] == 204
    assert (await api("GET", "/privacy"))[1]["data_uses"] == []


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("services/mail", {"name": "M", "page": "javascript:alert(1)"}),
        ("services/mail", {"name": "M", "privacy_statement": "http://mail.example"}),
        ("services/mail", {"name": "M", "sees": ["<b>"]}),
        ("services/mail", {"name": "M", "entry": "mine"}),
        ("services/mail", {"name": ""}),
        ("data-uses/u", {**USE, "source": "rumour"}),
        ("data-uses/u", {**USE, "retention": {}}),
        ("data-uses/u", {**USE, "retention": {"$set": "x"}}),
        ("data-uses/u", {**USE, "category": "Name"}),
        ("data-uses/u", {**USE, "held": "passwords"}),
        ("privacy-rules", {"history_days": 29}),
        ("privacy-rules", {"history_days": 3651}),
        ("privacy-rules", {"language": "de"}),
    ],
)
async def test_what_is_no_service_use_or_rule_is_refused(directory, mongo, firm, path, wish):
    status, problem = await directory("PUT", f"/system/organizations/{firm}/{path}", wish)
    assert (status, problem["key"]) == (422, "invalid")
    assert await mongo["privacy"]["registers"].find_one({"_id": firm}) is None
