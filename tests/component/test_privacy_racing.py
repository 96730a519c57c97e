"""Two tabs, two versions, one key: whatever races, what is on record was shown and was current when it was accepted."""

import asyncio

from tests.component.putting_in import publish
from tests.component.test_privacy_terms import accept, at_home, firm, read, shown, terms_of

__all__ = ["at_home", "firm"]
"""Fixtures that these tests share with those of terms."""


def key(value):
    return {"headers": {"Idempotency-Key": value}}


async def recorded(mongo, account, firm):
    return (await mongo["privacy"]["accounts"].find_one({"_id": account}))["accepted"][firm]["tos"]


async def test_two_tabs_that_accept_the_same_have_one_proof(at_home, directory, mongo, someone, firm):
    id_ = await publish(directory, firm, "tos", "1")
    wish = shown(await read(at_home, id_))
    answers = await asyncio.gather(*(accept(at_home, id_, wish) for _ in range(8)))
    assert {status for status, _ in answers} == {200}
    assert len({str(answer) for _, answer in answers}) == 1
    assert len(await recorded(mongo, someone, firm)) == 1


async def test_a_retry_is_answered_as_the_first_time_even_when_the_terms_are_others_by_then(
    at_home, directory, mongo, someone, firm
):
    id_ = await publish(directory, firm, "tos", "1")
    wish = shown(await read(at_home, id_))
    first = await accept(at_home, id_, wish, **key("once"))
    assert first[0] == 200
    await publish(directory, firm, "tos", "2")
    assert await accept(at_home, id_, wish, **key("once")) == first
    assert (await directory("DELETE", f"/system/organizations/{firm}/terms/tos"))[0] == 204
    assert await accept(at_home, id_, wish, **key("once")) == first
    status, problem = await accept(at_home, id_, {**wish, "version": "2"}, **key("once"))
    assert (status, problem["key"]) == (422, "command_reused")
    assert len(await recorded(mongo, someone, firm)) == 1


async def test_accepting_while_versions_are_published_records_only_what_was_shown(
    at_home, directory, mongo, someone, firm
):
    id_ = await publish(directory, firm, "tos", "v0")
    digests = {"v0": (await read(at_home, id_))["digest"]}

    async def publishing():
        for number in range(1, 16):
            await publish(directory, firm, "tos", f"v{number}")

    async def tab(name):
        accepted = []
        while not published.done() or not accepted or accepted[-1] != "v15":
            text = await read(at_home, id_)
            digests[text["shown_version"]] = text["digest"]
            status, answer = await accept(at_home, id_, shown(text))
            assert status == 200 or (status, answer["key"]) == (409, "terms_changed"), (name, answer)
            if status == 200:
                assert (answer["version"], answer["digest"]) == (text["shown_version"], text["digest"])
                accepted.append(answer["version"])
        return accepted

    published = asyncio.ensure_future(publishing())
    tabs = await asyncio.gather(tab("one"), tab("two"))
    await published
    record = await recorded(mongo, someone, firm)
    versions = [one["version"] for one in record]
    assert len(set(versions)) == len(versions), "each version once, whichever tab was first"
    assert set(versions) == {version for accepted in tabs for version in accepted}
    assert all(one["digest"] == digests[one["version"]] for one in record)
    (listed,) = await terms_of(at_home)
    assert (listed["to_accept"], listed["acceptances"][0]["version"]) == (False, "v15")


async def test_what_was_accepted_of_the_version_before_does_not_count_for_the_next(at_home, directory, firm):
    id_ = await publish(directory, firm, "tos", "1")
    wish = shown(await read(at_home, id_))
    answers = await asyncio.gather(accept(at_home, id_, wish), publish(directory, firm, "tos", "2"))
    status, answer = answers[0]
    assert status == 200 or (status, answer["key"]) == (409, "terms_changed")
    (listed,) = await terms_of(at_home)
    assert (listed["version"], listed["to_accept"]) == ("2", True)
