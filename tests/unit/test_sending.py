"""How a sender goes about letters: what it sends, what it puts off, and what it gives up."""

import asyncio
from datetime import timedelta

import pytest

from shared.contracts.problem import TooManyChanges
from shared.facts import now
from shared.sending import Never, NotNow
from shared.sending.sender import LEASE
from shared.storing import StoreUnavailable
from shared.testing import MemoryShelf
from tests.posting import ADDRESS, Hand, PostOffice, letter, write
from tests.waiting import until

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr("shared.sending.sender.SWEEP_EVERY", 0.02)


@pytest.fixture
def shelf():
    return MemoryShelf()


def office(shelf, mail, **other):
    return PostOffice(shelf, {"mail": mail, **other.pop("more", {})}, **other)


async def put_forward(shelf, seconds, key="alice"):
    """Let a document's letters be due as though time had passed."""
    document = shelf._get(key)
    for entry in document["letters"]:
        entry["due_at"] -= timedelta(seconds=seconds)
    shelf._put(key, document)


async def attempted(post, times, key="alice"):
    """Wait until a letter has been tried so often and put off; give it."""

    async def put_off():
        waiting = await post.waiting(key)
        return waiting and waiting[0].attempts == times and not post.sender._under_way and waiting[0]

    return await until(put_off)


async def test_what_was_written_goes_out_and_is_told_of_and_gone(shelf):
    hand = Hand()
    post = office(shelf, hand)
    await write(post.store, "alice", letter("l1"), letter("l2"))
    async with post.open():
        await until(post.empty)
    assert {message.to for message in hand.taken} == {ADDRESS}
    assert sorted(await post.news()) == [("l1", None), ("l2", None)]
    assert post.metric("letters_sent_total", channel="mail") == 2


async def test_a_nudge_sends_at_once(shelf, monkeypatch):
    monkeypatch.setattr("shared.sending.sender.SWEEP_EVERY", 60)
    post = office(shelf, Hand())
    post.store.on_written = post.sender.nudge
    async with post.open():
        await asyncio.sleep(0.05)  # the first sweep is over
        for number in range(3):
            await write(post.store, "alice", letter(f"l{number}"))
        await until(post.empty, seconds=2)


async def test_too_many_nudges_are_left_to_the_sweep(shelf, monkeypatch):
    monkeypatch.setattr("shared.sending.sender._MOST_NUDGES", 2)
    post = office(shelf, Hand())
    for number in range(5):
        await write(post.store, f"p{number}", letter())
        post.sender.nudge(f"p{number}")
        post.sender.nudge("p0")
    assert post.sender._nudges.qsize() == 2
    async with post.open():
        for number in range(5):
            await until(lambda key=f"p{number}": post.empty(key))


async def test_what_is_due_later_waits_for_its_time(shelf):
    hand = Hand()
    post = office(shelf, hand)
    await write(post.store, "alice", letter("later", due_at=now() + 60 * SECOND), letter("now"))
    post.sender.nudge("alice")
    async with post.open():
        await until(lambda: hand.taken)
        await until(lambda: not post.sender._under_way)
        assert [one.id for one in hand.taken] == ["now"]
        await put_forward(shelf, 60)
        await until(post.empty)


async def test_each_failure_lets_it_wait_twice_as_long_until_five_minutes(shelf):
    hand = Hand(always=NotNow("server 421"))
    post = office(shelf, hand)
    await write(post.store, "alice", letter(expires_at=now() + timedelta(days=1)))
    pauses = []
    async with post.open():
        for attempt in range(1, 10):
            waiting = await attempted(post, attempt)
            pauses.append(round((waiting.due_at - now()).total_seconds()))
            await put_forward(shelf, pauses[-1] + 1)
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert post.metric("letters_failed_total", channel="mail") >= 9
    assert await post.news() == []


async def test_it_never_waits_past_its_end_and_is_abandoned_there(shelf):
    post = office(shelf, Hand(always=NotNow("server 421")))
    end = now() + 2 * SECOND
    await write(post.store, "alice", letter(expires_at=end))
    async with post.open():
        waiting = await attempted(post, 1)
        assert waiting.due_at == waiting.expires_at
        assert await post.news() == []
        await until(post.empty)
    assert now() >= end
    assert await post.news() == [("l1", "expired")]
    assert post.metric("letters_abandoned_total", channel="mail", reason="expired") == 1


@pytest.mark.parametrize(
    ("wish", "turn", "reason"),
    [
        ({"expires_at": now() - SECOND}, None, "expired"),
        ({"channel": "text"}, None, "no_carrier"),
        ({}, Never("recipient [550]"), "refused"),
    ],
)
async def test_what_cannot_be_sent_is_given_up_with_the_reason(shelf, wish, turn, reason):
    hand = Hand(turn)
    post = office(shelf, hand)
    written = letter(**wish)
    await write(post.store, "alice", written)
    async with post.open():
        await until(post.empty)
    assert hand.taken == []
    assert await post.news() == [("l1", reason)]
    assert post.metric("letters_abandoned_total", channel=written.channel, reason=reason) == 1


async def test_what_does_not_open_is_given_up_and_its_neighbours_go_out(shelf):
    hand = Hand()
    post = office(shelf, hand)
    await write(post.store, "alice", letter("l1"), letter("l2"))
    document = shelf._get("alice")
    document["letters"][0]["content"] = document["letters"][1]["content"]
    shelf._put("alice", document)
    async with post.open():
        await until(post.empty)
    assert sorted(await post.news()) == [("l1", "unreadable"), ("l2", None)]
    assert [message.id for message in hand.taken] == ["l2"]


async def test_a_carrier_that_hangs_is_not_waited_for_for_long(shelf, monkeypatch):
    monkeypatch.setattr("shared.sending.sender.SEND_SECONDS", 0.05)
    post = office(shelf, Hand(...))
    await write(post.store, "alice", letter())
    async with post.open():
        waiting = await attempted(post, 1)
        assert waiting.due_at - now() < 6 * SECOND
        await put_forward(shelf, 6)
        await until(post.empty)
    assert await post.news() == [("l1", None)]


@pytest.mark.parametrize("broken", [{"due_at": "never"}, {"content": b"no"}, None])
async def test_documents_that_are_wrong_do_not_keep_others_back(shelf, monkeypatch, broken):
    monkeypatch.setattr("shared.sending.sender._PAGE", 2)
    post = office(shelf, Hand())
    for number in range(5):
        key = f"broken{number}"
        await write(post.store, key, letter(due_at=now() - 60 * SECOND))
        document = shelf._get(key)
        if broken and "content" in broken:
            document["letters"][0] |= broken
        else:
            document["letters"].append({"id": "half", "due_at": now()})
        shelf._put(key, document)
    await write(post.store, "alice", letter())
    async with post.open():
        await until(post.empty)
    assert await post.news() == [("l1", None)]


async def test_a_letter_that_nobody_can_word_is_tried_again_when_the_claim_ends(shelf):
    def fail(_letter):
        raise KeyError("words")

    post = office(shelf, Hand(), write_out=fail)
    await write(post.store, "alice", letter())
    async with post.open():
        waiting = await attempted(post, 1)
    assert LEASE - 5 * SECOND < waiting.due_at - now() <= LEASE
    assert post.metric("letters_failed_total", channel="mail") == 1


async def test_a_sweep_that_fails_is_followed_by_another(shelf, monkeypatch):
    post = office(shelf, Hand())
    await write(post.store, "alice", letter())
    find, turns = shelf.with_letters_due, iter((StoreUnavailable("x"), RuntimeError("x")))

    async def but_twice(*args, **more):
        if error := next(turns, None):
            raise error
        return await find(*args, **more)

    monkeypatch.setattr(shelf, "with_letters_due", but_twice)
    async with post.open():
        await until(post.empty)


async def test_what_was_carried_and_not_settled_is_settled_later_and_not_carried_again(shelf, monkeypatch):
    hand = Hand()
    post = office(shelf, hand, lease=timedelta(milliseconds=60))
    await write(post.store, "alice", letter())
    change, failures = (
        post.store.change,
        iter((TooManyChanges(retry_after=1), StoreUnavailable("x"), RuntimeError("x"))),
    )

    async def but_thrice(*args, **more):
        if error := next(failures, None):
            raise error
        return await change(*args, **more)

    monkeypatch.setattr(post.store, "change", but_thrice)
    async with post.open():
        await until(post.empty)
    assert len(hand.taken) == 1
    assert await post.news() == [("l1", None)]
    assert post.metric("letters_sent_total", channel="mail") == 1
    assert not post.sender._carried


async def test_one_letter_is_sent_once_however_often_it_is_named(shelf):
    hand = Hand()
    offices = [office(shelf, hand) for _ in range(3)]
    for number in range(30):
        await write(offices[0].store, f"p{number}", letter(), letter("l2"))
    async with offices[0].open(), offices[1].open(), offices[2].open():
        for number in range(30):
            for post in offices * 2:
                post.sender.nudge(f"p{number}")
        for number in range(30):
            await until(lambda key=f"p{number}": offices[0].empty(key))
    assert len(hand.taken) == 60


async def test_a_stop_cuts_off_what_hangs_and_leaves_it_claimed(shelf):
    hand = Hand(always=...)
    post = office(shelf, hand)
    await write(post.store, "alice", letter())
    async with asyncio.timeout(2):
        async with post.open():
            await until(lambda: hand.asked)
    (waiting,) = await post.waiting()
    assert waiting.attempts == 1
    assert waiting.due_at > now() + LEASE - 5 * SECOND
    assert await post.news() == []


async def test_draining_waits_for_what_was_nudged_and_no_longer_than_it_may(shelf):
    def soon(seconds):
        return asyncio.get_running_loop().time() + seconds

    hand = Hand(None, None, None, always=...)
    post = office(shelf, hand)
    post.store.on_written = post.sender.nudge
    async with post.open():
        for number in range(3):
            await write(post.store, f"p{number}", letter())
        await post.sender.drain(soon(5))
        assert len(hand.taken) == 3
        assert all([await post.empty(f"p{number}") for number in range(3)])
        post.store.on_written = lambda _key: None
        await write(post.store, "left", letter())
        await asyncio.sleep(0.1)  # five sweeps, were there any
        assert hand.asked == 3, "who leaves looks for no more"
        post.sender.nudge("left")
        async with asyncio.timeout(2):
            await post.sender.drain(soon(0.05))
        assert hand.asked == 4
    assert not await post.empty("left")
