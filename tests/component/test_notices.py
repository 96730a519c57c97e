"""What happens to an account is told by letter: at work by organizations, at one's own places by security-info."""

import asyncio

import pytest

from tests.component.listening import event, listening
from tests.component.putting_in import put_account, put_device, until_at_home
from tests.component.reaching import (
    METHODS,
    add_email,
    add_phone,
    code_of,
    codes,
    confirmed,
    new_address,
    new_number,
    phone,
)
from tests.component.setting_up import add as add_app
from tests.waiting import until


@pytest.fixture
def work(someone):
    """The address that the directory knows."""
    return f"{someone}@contoso.example"


@pytest.fixture
async def at_work(directory, system, work, someone):
    """A person with an address at work, of whom security-info has heard."""
    await put_account(directory, someone, profile={"name": "Somebody", "email": work})
    await until_at_home(system, someone)
    return work


async def notices(post, to, many=1):
    """Wait until so many letters have come to a place that hold no code, and give them, the newest first."""

    async def come():
        found = [letter for letter in await post.letters(to=to) if not code_of(letter)]
        return found if len(found) >= many else None

    return await until(come)


async def test_who_is_put_in_gets_no_letter(post, directory, work, someone, mongo):
    await put_account(directory, someone, profile={"name": "Somebody", "email": work})
    document = await mongo["organizations"]["accounts"].find_one({"_id": someone})
    assert (document.get("letters", []), document.get("notices", {})) == ([], {})
    await put_account(directory, someone, profile={"name": "Somebody", "email": work}, disabled=True)
    assert len(await notices(post, work)) == 1


async def test_a_method_that_is_added_is_told_at_work(api, post, at_work):
    await add_app(api, "Unmistakable app")
    (letter,) = await notices(post, at_work)
    assert (letter["channel"], letter["to"]) == ("mail", at_work)
    assert "Unmistakable app" in letter["text"]
    assert "Unmistakable app" in letter["html"]


async def test_a_method_that_is_added_is_told_where_the_person_could_be_reached_before(api, post, at_work):
    number, address = new_number(), new_address()
    await add_email(api, post, address)
    await notices(post, at_work)
    await add_phone(api, post, number, name="Unmistakable phone")
    (letter,) = await notices(post, address)
    assert "Unmistakable phone" in letter["text"]
    assert len(await notices(post, at_work, 2)) == 2
    assert len(await post.letters(to=number)) == 1, "the code, and no letter of itself"


async def test_another_number_is_told_to_the_old_one(api, post, at_work):
    old, new = new_number(), new_number()
    method = await add_phone(api, post, old)
    await api("PATCH", f"{METHODS}/{method['id']}", {"number": phone(new)["number"]})
    await confirmed(api, method["id"], (await codes(post, new))[0])
    (letter, _code) = await post.wait(2, to=old)
    assert letter["channel"] == "text"
    for hidden in (old, new, old[-4:], new[-4:]):
        assert hidden not in letter["text"]
    assert len(await post.letters(to=new)) == 1


async def test_an_address_that_is_removed_hears_of_it(api, post, at_work):
    address = new_address()
    method = await add_email(api, post, address)
    assert (await api("DELETE", f"{METHODS}/{method['id']}"))[0] == 204
    (letter,) = await notices(post, address)
    assert letter["channel"] == "mail"


async def test_what_happens_to_a_device_is_told_at_both_places_and_by_no_text(api, post, directory, at_work, someone):
    number, address = new_number(), new_address()
    await add_phone(api, post, number)
    await add_email(api, post, address)
    texts = len(await post.wait(2, to=number))
    known = len(await notices(post, at_work, 1))
    await put_device(directory, someone, f"d-{someone}", organization_id="contoso", name="CON-7001")
    for place, before in ((at_work, known), (address, 0)):

        async def told(place=place):
            return [one for one in await post.letters(to=place) if "CON-7001" in one["text"]]

        assert len(await until(told)) == 1, before
    assert len(await post.letters(to=number)) == texts


async def test_what_follows_at_once_comes_in_one_letter(api, post, at_work, mongo, someone):
    api._headers["Proof"] = await api.prove()  # once for all three: after the first of them, a sign-in proves nothing
    await asyncio.gather(*(add_app(api, f"App number {n}") for n in range(3)))

    async def told():
        letters = await notices(post, at_work)
        return letters if all(any(f"App number {n}" in one["text"] for one in letters) for n in range(3)) else None

    letters = await until(told)
    said = " ".join(one["text"] for one in letters)
    assert [said.count(f"App number {n}") for n in range(3)] == [1, 1, 1]

    async def settled():
        document = await mongo["organizations"]["accounts"].find_one({"_id": someone})
        return not document["letters"] and not document["notices"]

    await until(settled)


async def test_that_a_letter_went_out_is_news_without_an_address(api, post, plan, at_work, someone):
    address = new_address()
    async with listening(plan.broker_url("subscriber"), "notices") as heard:
        await add_email(api, post, address)
        await add_app(api)

        def told():
            wanted = {
                "profile.security-info.code.sent.v1",
                "profile.security-info.notice.sent.v1",
                "profile.organizations.notice.sent.v1",
            }
            return {event(one)["type"] for one in heard.about(someone)} >= wanted

        await until(told)
        said = " ".join(one.body.decode() for one in heard.about(someone))
    for hidden in (address, address.split("@")[0], at_work, "@"):
        assert hidden not in said


async def test_who_has_no_address_and_no_place_is_told_nothing(api, directory, mongo, someone):
    await put_account(directory, someone, profile={"name": "Somebody"})
    await add_app(api)

    async def heard():
        return await mongo["organizations"]["accounts"].find_one({"_id": someone, "commands": {"$exists": True}})

    document = await until(heard)
    assert not document.get("letters")
    kept = await mongo["security_info"]["accounts"].find_one({"_id": someone})
    assert (kept.get("letters", []), kept.get("notices", {})) == ([], {})
