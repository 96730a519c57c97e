"""A version has its place before its texts are kept, and is shown after: whatever happens between, or is tried."""

import asyncio
import time

from tests.component.putting_in import publish
from tests.component.test_privacy_terms import accept, at_home, firm, read, shown, terms_of

__all__ = ["at_home", "firm"]
"""Fixtures that these tests share with those of terms."""
NEVER_ENDS = "![[](" * 12_000


def wish(text, title="Terms"):
    return {"texts": {"en": {"title": title, "markdown": text}}}


def path(firm, terms_id="tos", version="1"):
    return f"/system/organizations/{firm}/terms/{terms_id}/versions/{version}"


async def kept(mongo, firm):
    found = mongo["privacy"]["terms"].find({"_id": {"$regex": f"^{firm}/"}})
    return sorted([one["_id"] async for one in found])


async def interrupted(mongo, firm, version):
    """Leave the version of the first terms as a process leaves it that ends before it shows it."""
    registers = mongo["privacy"]["registers"]
    found = await registers.find_one({"_id": firm})
    versions = found["terms"]["tos"]["versions"]
    place = [one["version"] for one in versions].index(version)
    versions[place] |= {"reserved": True, "titles": {}, "digests": {}}
    await registers.update_one({"_id": firm}, {"$set": {"terms.tos.versions": versions}, "$inc": {"version": 1}})


async def test_a_key_that_is_used_again_stores_nothing(directory, mongo, firm):
    once = {"headers": {"Idempotency-Key": "once"}}
    assert (await directory("PUT", path(firm), wish("One"), **once))[0] == 204
    assert (await directory("PUT", path(firm), wish("One"), **once))[0] == 204
    for other in ("a", "b", "c"):
        status, problem = await directory("PUT", path(firm, other), wish("Two"), **once)
        assert (status, problem["key"]) == (422, "command_reused")
    assert await kept(mongo, firm) == [f"{firm}/tos/1"]
    assert list((await mongo["privacy"]["registers"].find_one({"_id": firm}))["terms"]) == ["tos"]
    assert (await directory("PUT", path(firm, "a"), wish("Three")))[0] == 204


async def test_a_version_that_was_interrupted_does_not_overtake_a_newer_one(at_home, directory, mongo, firm):
    id_ = await publish(directory, firm, "tos", "1", en="One")
    await interrupted(mongo, firm, "1")
    assert await terms_of(at_home) == []
    assert (await at_home("GET", f"/privacy/terms/{id_}?version=1"))[0] == 404
    await publish(directory, firm, "tos", "2", en="Two")
    text = await read(at_home, id_)
    assert (await accept(at_home, id_, shown(text)))[0] == 200
    status, problem = await directory("PUT", path(firm), wish("Other"))
    assert (status, problem["key"]) == (409, "version_published")
    await publish(directory, firm, "tos", "1", en="One")
    (listed,) = await terms_of(at_home)
    assert (listed["version"], listed["to_accept"]) == ("2", False)
    assert (await read(at_home, f"{id_}?version=1"))["html"] == "<p>One</p>"


async def test_a_version_that_was_interrupted_is_completed_by_who_tries_again(at_home, directory, mongo, firm):
    id_ = await publish(directory, firm, "tos", "1", en="One")
    await interrupted(mongo, firm, "1")
    await mongo["privacy"]["terms"].delete_one({"_id": f"{firm}/tos/1"})
    await publish(directory, firm, "tos", "1", en="One")
    text = await read(at_home, id_)
    assert (text["html"], text["to_accept"]) == ("<p>One</p>", True)
    assert (await accept(at_home, id_, shown(text)))[0] == 200


async def test_a_text_that_is_meant_ill_is_refused_and_keeps_nobody_waiting(at_home, directory, mongo, firm):
    texts = {"texts": {**wish("Words")["texts"], **{f"d{sign}": wish(NEVER_ENDS)["texts"]["en"] for sign in "eabc"}}}
    began = time.monotonic()
    asked = asyncio.ensure_future(directory("PUT", path(firm), texts))
    while not asked.done():
        before = time.monotonic()
        assert (await at_home("GET", "/privacy"))[0] == 200
        assert time.monotonic() - before < 1
        await asyncio.sleep(0.05)
    status, problem = await asked
    assert (status, [(one["key"]) for one in problem["errors"]]) == (422, ["too_intricate"])
    assert problem["errors"][0]["pointer"].startswith("/texts/d")
    assert problem["errors"][0]["detail"].startswith("This text is too intricate")
    assert time.monotonic() - began < 7
    assert await kept(mongo, firm) == []
    await publish(directory, firm, "tos", "1", en="Readable")


async def test_only_so_many_texts_wait_to_be_rendered(directory, firm):
    asked = await asyncio.gather(*(directory("PUT", path(firm, f"t{n}"), wish(f"*{n}*")) for n in range(12)))
    assert {status for status, _ in asked} == {204, 503}
    assert {answer["key"] for status, answer in asked if status == 503} == {"unavailable"}
    again = await asyncio.gather(*(directory("PUT", path(firm, f"t{n}"), wish(f"*{n}*")) for n in range(2)))
    assert {status for status, _ in again} == {204}
