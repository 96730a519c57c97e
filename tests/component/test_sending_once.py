"""A code is sent once for one wish, and no more often than may be, whatever is refused on the way."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts import security_info as contract
from tests.component.reaching import METHODS, add_phone, begun, codes, confirmed, email, new_address, new_number, phone
from tests.component.setting_up import challenged
from tests.conftest import Caller
from tests.waiting import until


def key(value):
    return {"headers": {"Idempotency-Key": value}}


@pytest.fixture
async def others(portal, http, _unused_people):
    """Make callers that are other people."""

    async def made(many):
        people = [next(_unused_people) for _ in range(many)]
        return [Caller(http, portal.url, await portal.token(person)) for person in people]

    return made


@pytest.fixture
def reserved(mongo):
    """Count the sends that are reserved since the test began, at all by one way."""

    async def count(way):
        hours = mongo["security_info"]["sends"].find({"_id": {"$regex": f"^all:{way}:"}})
        return sum([hour["count"] async for hour in hours])

    return count


async def test_a_wish_that_is_sent_again_sends_one_code(api, post):
    number = new_number()
    answers = await asyncio.gather(*(begun(api, phone(number), **key("add")) for _ in range(4)))
    assert len({setup["method_id"] for setup in answers}) == 1
    once = answers[0]["method_id"]
    shown = [await api("POST", f"{METHODS}/{once}/send-code", {}, **key("again")) for _ in range(3)]
    assert [status for status, _ in shown] == [200] * 3
    assert len({answer["code_expires_at"] for _, answer in shown}) == 1
    assert len(await codes(post, number, 2)) == 2
    await confirmed(api, once, (await codes(post, number, 2))[0])
    challenges = [await api("POST", "/security-info/proofs", {"method_id": once}, **key("prove")) for _ in range(3)]
    assert len({challenge["id"] for _, challenge in challenges}) == 1
    assert len(await codes(post, number, 3)) == 3


async def test_a_wish_under_anothers_id_is_refused_and_costs_nothing(api, post, reserved):
    one, other = new_number(), new_number()
    await begun(api, phone(one), **key("add"))
    before = await reserved("text")
    for wish in (phone(other), phone(one, name="Another")):
        status, problem = await api("POST", METHODS, wish, **key("add"))
        assert (status, problem["key"]) == (422, "command_reused")
    assert await reserved("text") == before
    assert await post.letters(to=other) == []
    assert len(await codes(post, one)) == 1


async def test_what_a_rule_refuses_gives_its_reservation_back(api, post, reserved):
    for _ in range(2):
        await add_phone(api, post, new_number())
    before = await reserved("text")
    number = new_number()
    for _ in range(6):
        status, problem = await api("POST", METHODS, phone(number))
        assert (status, problem["key"]) == (409, "method_limit_reached")
    assert await reserved("text") == before
    assert (await api("DELETE", f"{METHODS}/{(await api('GET', '/security-info'))[1]['default_method']}"))[0] == 204
    await begun(api, phone(number))
    assert len(await codes(post, number)) == 1


async def test_an_account_gets_five_codes_an_hour_wherever_they_go(api, post):
    wishes = [phone(new_number()), phone(new_number()), email(new_address()), phone(new_number())]
    setups = [await begun(api, wish) for wish in wishes]
    path = f"{METHODS}/{setups[-1]['method_id']}/send-code"
    assert (await api("POST", path, {"way": "call"}))[0] == 200
    for ask in (("POST", path, {}), ("POST", METHODS, phone(new_number()))):
        status, problem = await api(*ask)
        assert (status, problem["key"]) == (429, "too_many_sends")
        left = datetime.fromisoformat(problem["until"]) - datetime.now(UTC)
        assert timedelta(minutes=58) < left <= timedelta(hours=1)
        assert 58 * 60 < problem["retry_after"] <= 3601
    assert problem["key"] in {one.key for one in (*contract.ADD_METHOD.all_problems, *contract.SEND_CODE.all_problems)}
    _, setup = await api("POST", METHODS, {"type": "authenticator-app"})
    assert setup["type"] == "authenticator-app", "what needs no code is not held up"


async def test_refusals_carry_when_to_come_back_as_a_header(api, portal, http):
    for _ in range(5):
        await begun(api, phone(new_number()))
    address = f"{portal.url}/api{METHODS}"
    async with http.post(address, json=phone(new_number()), headers=api._headers) as response:
        assert response.status == 429
        assert 58 * 60 < int(response.headers["Retry-After"]) <= 3601


async def test_a_number_gets_five_codes_an_hour_whoever_asks(others, post):
    number = new_number()
    people = await others(12)
    for person in people:
        await person("GET", "/security-info")
    answers = await asyncio.gather(*(person("POST", METHODS, phone(number)) for person in people))
    assert Counter(status for status, _ in answers) == {201: 5, 429: 7}
    assert {problem["key"] for status, problem in answers if status == 429} == {"too_many_sends"}
    assert len(await codes(post, number, 5)) == 5


async def test_a_number_is_the_same_number_however_it_is_typed(others, post):
    number = new_number()
    local = f"0{number[3:]}"
    typed = [local, f"{local[:3]}-{local[3:]}", number, f"{number[:3]} (0){number[3:]}", f"00{number[1:]}", local]
    people = await others(6)
    outcomes = []
    for person, text in zip(people, typed, strict=True):
        wish = {"type": "phone", "number": {"country": "SE", "typed": text}, "way": "call"}
        outcomes.append((await person("POST", METHODS, wish))[0])
    assert outcomes == [201] * 5 + [429]


async def test_whoever_else_asks_for_codes_to_a_number_does_not_keep_its_owner_from_proving(api, others, post):
    number = new_number()
    method = await add_phone(api, post, number)
    for person in await others(4):
        await begun(person, phone(number))
    (late,) = await others(1)
    status, problem = await late("POST", "/security-info/methods", phone(number))
    assert (status, problem["key"]) == (429, "too_many_sends")
    for _ in range(4):
        await challenged(api, method["id"])
    status, problem = await api("POST", "/security-info/proofs", {"method_id": method["id"], "way": "call"})
    assert (status, problem["key"]) == (429, "too_many_sends"), "the account has five an hour"
    assert problem["key"] in {one.key for one in contract.START_PROOF.all_problems}
    assert len(await codes(post, number, 9)) == 9


async def test_nothing_that_tells_a_target_lies_in_the_database(api, post, mongo):
    number, address = new_number(), new_address()
    await add_phone(api, post, number)
    await begun(api, email(address))
    lying = str(await mongo["security_info"]["sends"].find().to_list(None))
    for hidden in (number, number[3:], address, address.split("@")[0], "home.example", "tel:", "mailto:"):
        assert hidden not in lying

    async def sent():
        kept = await mongo["security_info"]["accounts"].find({}, {"letters": 1}).to_list(None)
        return not any(one.get("letters") for one in kept)

    await until(sent)
    lying = str(await mongo["security_info"]["accounts"].find().to_list(None))
    for hidden in (number, number[3:], address, address.split("@")[0]):
        assert hidden not in lying
