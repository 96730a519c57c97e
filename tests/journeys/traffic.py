"""What comes over the wire when a page is opened."""

from dataclasses import dataclass, field

from tests.waiting import until


@dataclass
class Traffic:
    """What the network brought a page, as the browser's own protocol tells it."""

    begun: dict[str, str] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)

    @classmethod
    async def of(cls, page):
        """Follow a page from now on; nothing comes from a cache."""
        traffic = cls()
        network = await page.context.new_cdp_session(page)
        network.on("Network.requestWillBeSent", traffic._begin)
        network.on("Network.loadingFinished", traffic._end)
        await network.send("Network.enable")
        await network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        return traffic

    def _begin(self, said):
        if not said["request"]["url"].startswith("data:"):  # the browser's own pictures, as in a field for a date
            self.begun[said["requestId"]] = said["request"]["url"]

    def _end(self, said):
        if said["requestId"] in self.begun:
            self.ended[said["requestId"]] = said["encodedDataLength"]

    async def total(self):
        """Give the bytes on the wire, with headers, once everything is there."""
        await until(lambda: self.begun and self.begun.keys() == self.ended.keys())
        return sum(self.ended.values())
