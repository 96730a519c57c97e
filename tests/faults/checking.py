"""What must be true in the end, whatever broke on the way."""

from typing import Any

from tests.faults.listening import Heard, Listener, assert_complete, logged
from tests.faults.people import Holder
from tests.spawning import Spawned, until


class Behind:
    """Look behind a service: into its documents, a subscriber's queue and the log."""

    def __init__(
        self, accounts: Any, listener: Listener, subscriber_url: str, *, source: str = "/security-info"
    ) -> None:
        self._accounts, self._listener, self._subscriber_url, self._source = accounts, listener, subscriber_url, source

    async def outbox_empty(self, who: Holder, *, seconds: float = 20) -> int:
        """Wait until the account has nothing to announce any more and give how many events it has had."""

        async def announced() -> Any:
            return await self._accounts.find_one({"_id": who.account, "outbox": {"$in": [[], None]}})

        document = await until(announced, seconds=seconds, what="an empty outbox")
        assert "parked" not in document
        return int(document["sequence"])

    async def news(self, who: Holder, *, seconds: float = 20) -> Heard:
        """Check that all news came everywhere, in order and without a gap, and give each event once."""
        number = await self.outbox_empty(who, seconds=seconds)
        heard = [event for event in await self._listener.heard(who.account) if event["source"] == self._source]
        kept = await logged(self._subscriber_url, who.account, number, source=self._source)
        heard, kept = assert_complete(heard, number), assert_complete(kept, number)
        assert heard == kept
        return heard


async def history_of(who: Holder, privacy: Spawned, news: Heard) -> None:
    """Check that the account's history comes to hold each event once and no other."""
    wanted = sorted(event["id"] for event in news)

    async def all_there() -> bool:
        return len(await who.history(privacy)) >= len(wanted)

    await until(all_there, seconds=30, what="the history")
    assert sorted(await who.history(privacy)) == wanted


def what(news: Heard) -> list[tuple[str, str | None]]:
    """Tell events by what happened and to what."""
    return [(event["type"].split(".", 2)[2], event["data"].get("name")) for event in news]
