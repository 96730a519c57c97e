"""What must go out soon does not wait behind what may wait."""

from datetime import timedelta
from typing import Any

from shared.facts import now
from shared.sending import sender
from shared.testing import MemoryShelf
from tests.posting import ADDRESS, Hand, PostOffice, compose, letter, write
from tests.waiting import until

LATER = timedelta(days=3)


class Choosy(Hand):
    """A carrier that hangs for notices and takes codes at once."""

    async def carry(self, message: Any) -> None:
        self._always = ... if message.id.startswith("notice") else None
        await super().carry(message)


def notice(number: int) -> Any:
    return letter(f"notice{number}", expires_at=now() + LATER)


def code(name: str = "code") -> Any:
    return letter(name, expires_at=now() + timedelta(minutes=5))


async def test_a_code_does_not_wait_behind_notices_that_hang():
    hand = Choosy()
    post = PostOffice(MemoryShelf(), {"mail": hand}, write_out=compose)
    async with post.open():
        for number in range(30):
            await write(post.store, f"person{number}", notice(number))
            post.sender.nudge(f"person{number}")
        await until(lambda: hand.asked == 8)
        await write(post.store, "alice", code())
        post.sender.nudge("alice")
        await until(lambda: [one.to for one in hand.taken] == [ADDRESS])


async def test_a_code_that_was_put_off_is_found_though_nothing_more_of_notices_fits(monkeypatch):
    monkeypatch.setattr(sender, "_MOST_UNDER_WAY", 2)
    monkeypatch.setattr(sender, "_PAGE", 2)
    monkeypatch.setattr(sender, "SWEEP_EVERY", 0.05)
    hand = Choosy()
    post = PostOffice(MemoryShelf(), {"mail": hand}, write_out=compose)
    for number in range(12):
        await write(post.store, f"person{number}", notice(number))
    await write(post.store, "zoe", code())
    async with post.open():
        await until(lambda: len(hand.taken) == 1)
    assert hand.asked == 3, "two notices hang, the code went"


async def test_texts_are_found_though_the_mails_are_more_than_fit(monkeypatch):
    monkeypatch.setattr(sender, "_MOST_UNDER_WAY", 2)
    monkeypatch.setattr(sender, "_PAGE", 2)
    monkeypatch.setattr(sender, "SWEEP_EVERY", 0.05)
    mails, texts = Hand(always=...), Hand()
    post = PostOffice(MemoryShelf(), {"mail": mails, "text": texts}, write_out=compose)
    for number in range(12):
        await write(post.store, f"person{number}", notice(number))
    await write(post.store, "zoe", letter("text", channel="text", expires_at=now() + LATER))
    async with post.open():
        await until(lambda: len(texts.taken) == 1)
    assert mails.asked == 2


async def test_a_channel_that_hangs_does_not_keep_another_back(monkeypatch):
    hand, stuck = Hand(), Hand(always=...)
    monkeypatch.setattr(sender, "SWEEP_EVERY", 0.02)
    post = PostOffice(MemoryShelf(), {"mail": hand, "text": stuck}, write_out=compose)
    for number in range(120):
        await write(post.store, f"text{number}", letter(channel="text", due_at=now() - timedelta(seconds=1)))
    async with post.open():
        await until(lambda: stuck.asked)
        await write(post.store, "alice", letter())
        await until(post.empty)
        await write(post.store, "bob", letter())
        post.sender.nudge("bob")
        await until(lambda: post.empty("bob"))
        assert stuck.asked == 8
