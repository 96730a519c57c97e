"""Phones that a directory puts in: by the system that speaks for the home organization, and by nobody else."""

import pytest

from shared.contracts import security_info as contract
from tests.component.putting_in import put_account, until_at_home
from tests.component.reaching import METHODS, add_phone, codes, new_number, phone
from tests.component.setting_up import answered, challenged


@pytest.fixture
async def desk(directory, system, someone):
    """Where Contoso's system puts in a phone of a person who is at home there."""
    await put_account(directory, someone)
    await until_at_home(system, someone)
    return f"/system/accounts/{someone}/methods/desk"


@pytest.fixture
async def contoso(system):
    return await system("contoso")


async def put(caller, path, number, **more):
    return await caller("PUT", path, {"number": number, **more})


async def test_it_is_put_in_listed_and_always_called(api, post, contoso, desk):
    number = new_number()
    status, record = await put(contoso, desk, number, name="Desk")
    hint = f"+46 •••••••{number[-2:]}"
    assert (status, record) == (200, {"id": "desk", "type": "phone", "name": "Desk", "hint": hint})
    (method,) = (await api("GET", "/security-info"))[1]["methods"]
    assert (method["managed"], method["can_be_renamed"], method["is_default"]) == (True, False, True)
    assert (method["hint"], method["way"]) == (hint, "call")
    challenge = await challenged(api, "desk", way="text")
    assert challenge["way"] == "call"
    (code,) = await codes(post, number, channel="call")
    assert (await answered(api, challenge, code=code))[0] == 200
    assert await post.letters(to=number, channel="text") == []


async def test_it_takes_no_room_of_the_persons_own(api, contoso, desk):
    await put(contoso, desk, new_number())
    offers = {offer["type"]: offer for offer in (await api("GET", "/security-info"))[1]["can_add"]}
    assert offers["phone"]["registered"] == 0


async def test_the_person_cannot_rename_change_replace_or_remove_it(api, post, contoso, desk):
    office, number = new_number(), new_number()
    await put(contoso, desk, office, name="Desk")
    challenge = await challenged(api, "desk")
    (code,) = await codes(post, office)
    proof = {"headers": {"Proof": (await answered(api, challenge, code=code))[1]["proof"]}}
    for method, path, wish in (
        ("PATCH", f"{METHODS}/desk", {"name": "Mine"}),
        ("PATCH", f"{METHODS}/desk", {"number": phone(number)["number"]}),
        ("DELETE", f"{METHODS}/desk", None),
        ("POST", METHODS, phone(number, replaces="desk")),
    ):
        status, problem = await api(method, path, wish, **proof)
        assert (status, problem["key"]) == (403, "method_managed")
    assert await post.letters(to=number) == []
    assert (await api("GET", "/security-info"))[1]["methods"][0]["name"] == "Desk"


async def test_another_number_and_name_take_the_place_of_the_old(api, contoso, desk):
    await put(contoso, desk, new_number(), name="Desk")
    other = new_number()
    status, record = await put(contoso, desk, other, name="Reception")
    assert (status, record["name"], record["hint"][-2:]) == (200, "Reception", other[-2:])
    (method,) = (await api("GET", "/security-info"))[1]["methods"]
    assert (method["name"], method["hint"][-2:]) == ("Reception", other[-2:])


async def test_it_is_withdrawn_once_and_again(api, contoso, desk):
    await put(contoso, desk, new_number())
    for _ in range(2):
        assert (await contoso("DELETE", desk))[0] == 204
    assert (await api("GET", "/security-info"))[1]["methods"] == []


async def test_an_organization_puts_in_three(contoso, desk):
    for number in range(3):
        assert (await put(contoso, f"{desk}-{number}", new_number()))[0] == 200
    status, problem = await put(contoso, desk, new_number())
    assert (status, problem["key"], problem["limit"]) == (409, "method_limit_reached", 3)
    assert problem["key"] in {one.key for one in contract.PUT_METHOD.all_problems}


BAD = {
    "of no country": ("070-174 06 05", "telephone_number"),
    "that is none": ("+46 70 1", "telephone_number"),
    "of a country that is not allowed": ("+33 6 12 34 56 78", "country_not_allowed"),
    "with an extension": ("+46 8 123 456 78 ext 12", "telephone_number"),
}


@pytest.mark.parametrize(("number", "key"), BAD.values(), ids=BAD)
async def test_a_number_is_refused(contoso, desk, number, key):
    status, problem = await put(contoso, desk, number)
    assert (status, problem["key"]) == (422, "invalid")
    assert [(error["pointer"], error["key"]) for error in problem["errors"]] == [("/number", key)]
    assert number[-8:] not in str(problem)


@pytest.mark.parametrize("who", ["fabrikam", "nobody"])
async def test_another_organizations_system_puts_nothing_in_and_takes_nothing_out(api, system, contoso, desk, who):
    number = new_number()
    await put(contoso, desk, number, name="Desk")
    stranger = await system(who)
    for answer in (await put(stranger, desk, new_number()), await stranger("DELETE", desk)):
        assert (answer[0], answer[1]["key"]) == (403, "organization_not_yours")
    (method,) = (await api("GET", "/security-info"))[1]["methods"]
    assert (method["name"], method["hint"][-2:]) == ("Desk", number[-2:])


async def test_a_system_without_the_scope_is_told_which_one_it_lacks(system, desk):
    lacking = await system(f"no-{contract.WRITE}")
    for answer in (await put(lacking, desk, new_number()), await lacking("DELETE", desk)):
        assert (answer[0], answer[1]["key"], answer[1]["scope"]) == (403, "missing_scope", contract.WRITE)


async def test_what_the_person_set_up_is_not_found_by_the_organization(api, contoso, desk, post):
    setup = (await api("POST", METHODS, phone(new_number())))[1]
    path = desk.replace("desk", setup["method_id"])
    for answer in (await put(contoso, path, new_number()), await contoso("DELETE", path)):
        assert (answer[0], answer[1]["key"]) == (404, "method_not_found")


async def test_who_is_at_home_nowhere_gets_none(directory, someone):
    status, problem = await put(directory, f"/system/accounts/{someone}/methods/desk", new_number())
    assert (status, problem["key"]) == (404, "account_not_found")


async def test_one_key_does_not_stand_for_two_numbers(contoso, desk):
    first, key = new_number(), {"headers": {"Idempotency-Key": "desk-of-somebody"}}
    assert (await contoso("PUT", desk, {"number": first}, **key))[0] == 200
    assert (await contoso("PUT", desk, {"number": first}, **key))[0] == 200
    status, problem = await contoso("PUT", desk, {"number": new_number()}, **key)
    assert (status, problem["key"]) == (422, "command_reused")
    status, record = await contoso("PUT", desk, {"number": first})
    assert record["hint"].endswith(first[-2:])


async def test_a_change_that_was_given_up_is_shown_no_more(api, post):
    number, other = new_number(), new_number()
    method = await add_phone(api, post, number)
    path = f"{METHODS}/{method['id']}"
    status, waiting = await api("PATCH", path, {"number": phone(other)["number"]})
    assert (status, waiting["changing_to"] is None) == (200, False)
    assert await api("DELETE", f"{path}/change") == (204, None)
    (kept,) = (await api("GET", "/security-info"))[1]["methods"]
    assert (kept["changing_to"], kept["hint"][-2:]) == (None, number[-2:])
