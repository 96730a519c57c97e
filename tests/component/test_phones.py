"""Phones and addresses as a program uses them: a code goes out, comes back, and proves."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts import security_info as contract
from tests.component.reaching import (
    METHODS,
    add_email,
    add_phone,
    begun,
    codes,
    confirmed,
    email,
    new_address,
    new_number,
    phone,
    wrong,
)
from tests.component.setting_up import add as add_app
from tests.component.setting_up import answered, challenged


def promised(endpoint):
    return {problem.key for problem in endpoint.all_problems}


def refused(answer, status, key):
    assert (answer[0], answer[1]["key"]) == (status, key), answer
    return answer[1]


def minutes_from_now(moment):
    return (datetime.fromisoformat(moment) - datetime.now(UTC)) / timedelta(minutes=1)


async def methods(api):
    return {method["id"]: method for method in (await api("GET", "/security-info"))[1]["methods"]}


async def test_a_phone_is_added_by_a_text_and_listed_with_two_digits(api, post):
    number = new_number()
    setup = await begun(api, phone(number, name="Boat"))
    assert (setup["type"], setup["name"], setup["way"], setup["changes"]) == ("phone", "Boat", "text", False)
    assert setup["hint"] == f"+46 •••••••{number[-2:]}"
    assert 2.5 < minutes_from_now(setup["code_expires_at"]) <= 3
    assert 14 < minutes_from_now(setup["expires_at"]) <= 15
    assert setup["method_id"] not in await methods(api)
    (letter,) = await post.wait(to=number)
    assert letter["channel"] == "text"
    method = await confirmed(api, setup["method_id"], (await codes(post, number))[0])
    assert (await methods(api))[setup["method_id"]] == method
    assert (method["type"], method["hint"], method["way"], method["managed"]) == ("phone", setup["hint"], "text", False)
    assert (method["is_default"], method["changing_to"]) == (True, None)
    assert number not in str(await api("GET", "/security-info"))


async def test_an_address_is_added_by_mail_and_proves_nothing(api, post):
    address = new_address()
    setup = await begun(api, email(address))
    assert (setup["type"], setup["way"]) == ("email", "mail")
    assert setup["hint"] == f"{address[0]}•••@home.example"
    assert 4.5 < minutes_from_now(setup["code_expires_at"]) <= 5
    method = await confirmed(api, setup["method_id"], (await codes(post, address, channel="mail"))[0])
    assert (method["purposes"], method["can_be_default"]) == (["password_reset"], False)
    assert (await api("GET", "/security-info"))[1]["proof"]["methods"] == []
    refused(await api("POST", "/security-info/proofs", {"method_id": method["id"]}), 409, "method_cannot_prove")


async def test_what_can_be_added_says_how_many_and_where(api, post):
    await add_phone(api, post, new_number())
    offers = {offer["type"]: offer for offer in (await api("GET", "/security-info"))[1]["can_add"]}
    assert (offers["phone"]["registered"], offers["phone"]["limit"]) == (1, 2)
    assert "SE" in offers["phone"]["countries"]
    assert offers["phone"]["countries"] == sorted(offers["phone"]["countries"])
    assert (offers["email"]["registered"], offers["email"]["limit"], offers["email"]["countries"]) == (0, 1, None)


async def test_a_wrong_code_costs_an_attempt_and_a_repeated_one_none(api, post):
    number = new_number()
    setup = await begun(api, phone(number))
    bad, path = wrong((await codes(post, number))[0]), f"{METHODS}/{setup['method_id']}/confirm"
    once = {"headers": {"Idempotency-Key": "guess"}}
    first, second = [await api("POST", path, {"code": bad}, **once) for _ in range(2)]
    assert refused(first, 422, "code_incorrect")["attempts_left"] == 4
    assert first == second
    for left in (3, 2, 1):
        assert refused(await api("POST", path, {"code": bad}), 422, "code_incorrect")["attempts_left"] == left
    assert refused(await api("POST", path, {"code": bad}), 409, "setup_ended")["reason"] == "too_many_attempts"


async def test_another_code_is_said_in_a_call_and_the_one_before_is_good_no_more(api, post):
    number = new_number()
    setup = await begun(api, phone(number))
    (first,) = await codes(post, number)
    status, shown = await api("POST", f"{METHODS}/{setup['method_id']}/send-code", {"way": "call"})
    assert (status, shown["way"], shown["method_id"], shown["hint"]) == (200, "call", setup["method_id"], setup["hint"])
    (second,) = await codes(post, number, channel="call")
    path = f"{METHODS}/{setup['method_id']}/confirm"
    assert (await api("POST", path, {"code": first}))[0] == 422
    assert (await confirmed(api, setup["method_id"], second))["way"] == "call"
    problem = refused(
        await api("POST", f"{METHODS}/{setup['method_id']}/send-code", {}), 409, "method_confirmed_already"
    )
    assert problem["key"] in promised(contract.SEND_CODE)


async def test_there_is_nothing_to_send_to_an_app_or_to_nobody(api):
    app = (await add_app(api))["method_id"]
    refused(await api("POST", f"{METHODS}/{app}/send-code", {}), 409, "nothing_to_send")
    refused(await api("POST", f"{METHODS}/nobody/send-code", {}), 404, "method_not_found")


async def test_a_setup_is_shown_again_with_no_code_in_it(service, post, database):
    ask, number = service("security-info", f"shown-again-{database}"), new_number()
    setup = await begun(ask, phone(number))
    status, shown = await ask("GET", f"{METHODS}/{setup['method_id']}/setup")
    assert (status, shown | {"send_again_at": setup["send_again_at"]}) == (200, setup)
    (code,) = await codes(post, number)
    assert code not in str(shown)


BAD = {
    "no number": (
        {"type": "phone", "number": {"country": "SE", "typed": "070-1"}},
        "/number/typed",
        "telephone_number",
    ),
    "a dear number": (
        {"type": "phone", "number": {"country": "SE", "typed": "0900-123 45 67"}},
        "/number/typed",
        "telephone_number",
    ),
    "a country that is not allowed": (
        {"type": "phone", "number": {"country": "FR", "typed": "06 12 34 56 78"}},
        "/number/country",
        "country_not_allowed",
    ),
    "another country by its plus": (
        {"type": "phone", "number": {"country": "SE", "typed": "+33 6 12 34 56 78"}},
        "/number/country",
        "country_not_allowed",
    ),
    "no country": ({"type": "phone", "number": {"typed": "070-174 06 05"}}, "/number/country", "missing"),
    "a country in words": (
        {"type": "phone", "number": {"country": "Sweden", "typed": "070-174 06 05"}},
        "/number/country",
        "string_pattern_mismatch",
    ),
    "a way that there is not": (
        {"type": "phone", "number": {"country": "SE", "typed": "070-174 06 05"}, "way": "mail"},
        "/way",
        "literal_error",
    ),
    "a text to a phone on a wall": (
        {"type": "phone", "number": {"country": "SE", "typed": "08-123 456 78"}},
        "/way",
        "no_texts",
    ),
    "no number at all": ({"type": "phone"}, "", "number_needed"),
    "no address at all": ({"type": "email"}, "", "address_needed"),
    "no address": ({"type": "email", "address": "somebody"}, "/address", "value_error"),
    "an address and a way": ({"type": "email", "address": "a@home.example", "way": "call"}, "", "way_out_of_place"),
    "a phone with an address": (
        {"type": "phone", "number": {"country": "SE", "typed": "070-174 06 05"}, "address": "a@home.example"},
        "",
        "address_out_of_place",
    ),
}


@pytest.mark.parametrize(("wish", "pointer", "key"), BAD.values(), ids=BAD)
async def test_it_is_told_what_is_wrong_with(api, *, wish, pointer, key):
    problem = refused(await api("POST", METHODS, wish), 422, "invalid")
    assert [(error["pointer"], error["key"]) for error in problem["errors"]] == [(pointer, key)]
    assert problem["errors"][0]["detail"]
    for typed in ("174 06 05", "06 12 34", "somebody"):
        assert typed not in str(problem)


async def test_the_address_that_one_signs_in_with_is_refused(visitor, post, someone):
    await visitor.sign_in(someone)
    at_work = (f"{someone}@contoso.example", f"{someone.upper()}@Contoso.Example")
    for address in at_work:
        problem = refused(await visitor("POST", METHODS, email(address)), 422, "invalid")
        assert [(one["pointer"], one["key"]) for one in problem["errors"]] == [("/address", "work_address")]
    method = await add_email(visitor, post, new_address())
    problem = refused(await visitor("PATCH", f"{METHODS}/{method['id']}", {"address": at_work[1]}), 422, "invalid")
    assert [(one["pointer"], one["key"]) for one in problem["errors"]] == [("/address", "work_address")]


async def test_a_number_that_is_there_already_is_refused(api, post):
    number = new_number()
    await add_phone(api, post, number)
    problem = refused(await api("POST", METHODS, phone(number)), 422, "invalid")
    assert [(one["pointer"], one["key"]) for one in problem["errors"]] == [("/number/typed", "there_already")]
    assert len(await codes(post, number)) == 1


@pytest.mark.parametrize("way", [None, "call"])
async def test_a_phone_proves_by_a_code_that_is_good_once(api, post, portal, way):
    number = new_number()
    method = await add_phone(api, post, number)
    challenge = await challenged(api, method["id"], **({"way": way} if way else {}))
    assert (challenge["kind"], challenge["hint"]) == ("sent_code", method["hint"])
    assert challenge["way"] == (way or "text")
    assert 2.5 < minutes_from_now(challenge["expires_at"]) <= 3
    code = (await codes(post, number, 1 if way else 2, channel=way or "text"))[0]
    assert refused(await answered(api, challenge, code=wrong(code)), 422, "code_incorrect")["attempts_left"] == 4
    status, given = await answered(api, challenge, code=code)
    assert status == 200
    assert given["proof"]
    refused(await answered(api, challenge, code=code), 409, "challenge_ended")


async def test_a_phone_gets_another_number_when_its_code_comes_back(api, post):
    old, new = new_number(), new_number()
    method = await add_phone(api, post, old)
    path = f"{METHODS}/{method['id']}"
    wish = {"number": phone(new)["number"], "way": "call"}
    status, waiting = await api("PATCH", path, wish)
    assert status == 200
    assert (waiting["hint"], waiting["way"]) == (method["hint"], "text")
    assert waiting["changing_to"] == f"+46 •••••••{new[-2:]}"
    (code,) = await codes(post, new, channel="call")
    done = await confirmed(api, method["id"], code)
    assert (done["hint"], done["way"], done["changing_to"]) == (f"+46 •••••••{new[-2:]}", "call", None)
    await challenged(api, method["id"])
    assert len(await codes(post, new, 2)) == 2
    assert len(await codes(post, old)) == 1


async def test_an_address_gets_another_when_its_code_comes_back(api, post):
    old, new = new_address(), new_address()
    method = await add_email(api, post, old)
    path = f"{METHODS}/{method['id']}"
    problem = refused(await api("PATCH", path, {"address": old.upper()}), 422, "invalid")
    assert [(one["pointer"], one["key"]) for one in problem["errors"]] == [("/address", "there_already")]
    assert (await api("PATCH", path, {"address": new}))[0] == 200
    done = await confirmed(api, method["id"], (await codes(post, new))[0])
    assert done["hint"] == f"{new[0]}•••@home.example"


CHANGES = {
    "of nothing": ({}, "", "one_thing"),
    "of two things": ({"name": "A", "address": "a@home.example"}, "", "one_thing"),
    "of a way alone": ({"name": "A", "way": "call"}, "", "way_out_of_place"),
    "of a phone to an address": ({"address": "a@home.example"}, "/address", "out_of_place"),
    "to no number": ({"number": {"country": "SE", "typed": "070"}}, "/number/typed", "telephone_number"),
}


@pytest.mark.parametrize(("wish", "pointer", "key"), CHANGES.values(), ids=CHANGES)
async def test_it_is_told_what_is_wrong_with_a_change(api, post, *, wish, pointer, key):
    method = await add_phone(api, post, new_number())
    problem = refused(await api("PATCH", f"{METHODS}/{method['id']}", wish), 422, "invalid")
    assert [(error["pointer"], error["key"]) for error in problem["errors"]] == [(pointer, key)]


async def test_a_number_for_an_app_is_out_of_place(api):
    app = (await add_app(api))["method_id"]
    wish = {"number": phone(new_number())["number"]}
    problem = refused(await api("PATCH", f"{METHODS}/{app}", wish), 422, "invalid")
    assert [(error["pointer"], error["key"]) for error in problem["errors"]] == [("/number", "out_of_place")]


async def test_a_setup_that_another_one_overtook_is_not_found_by_its_key(api, post):
    wish, first = phone(new_number()), {"headers": {"Idempotency-Key": "overtaken"}}
    assert (await begun(api, wish, **first))["method_id"] == (await begun(api, wish, **first))["method_id"]
    await begun(api, wish)
    status, problem = await api("POST", METHODS, wish, **first)
    assert (status, problem["key"]) == (404, "method_not_found")
