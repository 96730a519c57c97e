"""A command that is sent again happens once, and is answered in terms that its endpoint promises."""

import asyncio
from string import ascii_uppercase

import pytest

from shared.contracts import security_info as contract
from tests.component.asking import BEHIND_FOR_PERSONS, body_of, named, path_of
from tests.component.putting_in import put_account, put_device
from tests.component.setting_up import begin, code, wrong

METHODS = "/security-info/methods"
APP = {"type": "authenticator-app", "name": "Phone"}


@pytest.fixture
def ask(service, database):
    """Call security-info's own door for an account that nobody else has."""
    return service("security-info", f"repeating-{database}")


def key(value):
    return {"headers": {"Idempotency-Key": value}}


def promised(endpoint):
    return {problem.key for problem in endpoint.all_problems}


async def test_ten_at_once_are_one(ask):
    answers = await asyncio.gather(*(ask("POST", METHODS, APP, **key("once")) for _ in range(10)))
    assert {status for status, _ in answers} == {201}
    assert len({setup["method_id"] for _, setup in answers}) == 1
    assert len({setup["key"] for _, setup in answers}) == 1


async def test_a_setup_that_was_given_up_is_not_started_again_by_its_echo(ask):
    _, setup = await ask("POST", METHODS, APP, **key("add"))
    assert (await ask("DELETE", f"{METHODS}/{setup['method_id']}"))[0] == 204
    status, problem = await ask("POST", METHODS, APP, **key("add"))
    assert (status, problem["key"]) == (404, "method_not_found")
    assert problem["key"] in promised(contract.ADD_METHOD)


async def test_a_key_is_not_shown_again_by_an_echo_once_it_is_confirmed(ask):
    _, setup = await ask("POST", METHODS, APP, **key("add"))
    path = f"{METHODS}/{setup['method_id']}/confirm"
    first = await ask("POST", path, {"code": code(setup)}, **key("confirm"))
    assert first[0] == 200
    assert await ask("POST", path, {"code": code(setup)}, **key("confirm")) == first
    status, problem = await ask("POST", METHODS, APP, **key("add"))
    assert (status, problem["key"]) == (409, "method_confirmed_already")
    assert problem["key"] in promised(contract.ADD_METHOD)


async def test_a_setup_that_ended_is_told_as_such_by_an_echo(ask):
    _, setup = await ask("POST", METHODS, APP, **key("add"))
    for _ in range(5):
        await ask("POST", f"{METHODS}/{setup['method_id']}/confirm", {"code": wrong(setup)})
    status, problem = await ask("POST", METHODS, APP, **key("add"))
    assert (status, problem["key"], problem["reason"]) == (409, "setup_ended", "too_many_attempts")
    assert problem["key"] in promised(contract.ADD_METHOD)


async def test_a_wrong_code_that_is_sent_again_costs_one_attempt(ask):
    setup = await begin(ask)
    path = f"{METHODS}/{setup['method_id']}/confirm"
    answers = [await ask("POST", path, {"code": wrong(setup)}, **key("guess")) for _ in range(3)]
    assert answers == [answers[0]] * 3
    assert answers[0][1]["attempts_left"] == 4
    assert (await ask("POST", path, {"code": wrong(setup)}))[1]["attempts_left"] == 3


CHANGING = [(service, endpoint) for service, endpoint in BEHIND_FOR_PERSONS if endpoint.changes]
TAKING = {
    "security-info": ("POST", METHODS, {**APP, "name": "Taken"}),
    "devices": ("PATCH", "/devices/d", {"name": "Taken"}),
    "organizations": ("PUT", "/organizations/claims", {"name": "Taken"}),
    "privacy": ("PUT", "/preferences", {}),
}
"""A command that changes something, by service."""


@pytest.fixture(scope="module")
async def known(directory, account):
    """The account of this module, with a device and an organization that it may leave."""
    await put_account(directory, account)
    await directory("PUT", f"/system/accounts/{account}/organizations/fabrikam")
    await put_device(directory, account, "d")
    return account


@pytest.mark.parametrize("door", CHANGING, ids=named)
async def test_an_id_stands_for_one_request_whatever_the_other_is(service, known, door):
    name, endpoint = door
    person, taken = service(name, known), key(f"taken-{endpoint.name}")
    method, path, body = TAKING[name]
    other = {"name": f"Taken by {endpoint.name}"} if body else {"region": f"S{ascii_uppercase[CHANGING.index(door)]}"}
    unique = {**body, **other}
    assert (await person(method, path, unique, **taken))[0] in {200, 201, 204}
    ids = {"organization_id": "fabrikam"}
    status, problem = await person(endpoint.method, path_of(endpoint, **ids), body_of(endpoint, **ids), **taken)
    assert (status, problem["key"]) == (422, "command_reused")


async def test_disabling_again_by_an_echo_keeps_the_first_reason(service, known):
    person = service("devices", known)
    first = await person("POST", "/devices/d/disable", {"reason": "stolen"}, **key("disable"))
    assert (first[0], first[1]["disabled_reason"]) == (200, "stolen")
    assert await person("POST", "/devices/d/disable", {"reason": "stolen"}, **key("disable")) == first
    status, problem = await person("POST", "/devices/d/disable", {"reason": "lost"}, **key("disable"))
    assert (status, problem["key"]) == (422, "command_reused")


async def test_an_echo_of_leaving_does_not_leave_what_was_joined_again(directory, service, known):
    person = service("organizations", known)
    for _ in range(2):
        assert (await person("POST", "/organizations/fabrikam/leave", **key("leave")))[0] == 204
        assert (await directory("PUT", f"/system/accounts/{known}/organizations/fabrikam"))[0] == 204
    _, seen = await person("GET", "/organizations")
    assert [one["id"] for one in seen["organizations"]] == ["contoso", "fabrikam"]


async def test_the_same_id_of_another_account_is_another_command(ask, service, database):
    other = service("security-info", f"other-{database}")
    one, two = [await caller("POST", METHODS, APP, **key("same")) for caller in (ask, other)]
    assert one[0] == two[0] == 201
    assert one[1]["method_id"] != two[1]["method_id"]
    assert one[1]["key"] != two[1]["key"]


async def test_a_question_needs_no_id_and_minds_none(ask):
    assert (await ask("GET", "/security-info", **key("not an id!")))[0] == 200
