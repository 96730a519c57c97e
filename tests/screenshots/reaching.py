"""Phones and e-mail addresses that people have before the pictures are taken, and what was sent to them."""

from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.arriving import Post
from tests.component import reaching
from tests.component.reaching import METHODS, begun, email, phone
from tests.conftest import Caller
from tests.screenshots.portal import Portal
from tests.waiting import until

# Numbers that are nobody's (PTS, Ofcom) and addresses that are nobody's (RFC 2606).
MOBILE, OTHER_MOBILE, THIRD_MOBILE = "+46701740607", "+46701740699", "+46701740631"
BOBS_MOBILE = "+46701740645"
LANDLINE, OFFICE = "+442079460123", "+46846500412"
PRIVATE, OTHER_PRIVATE = "chandra.vaisanen.ramirez@example.org", "c@example.net"
LONG_NAME = "Phone in the summer house, by the window"


def _typed(number: str) -> dict[str, str]:
    return {"country": "SE", "typed": number}


@dataclass(frozen=True)
class Reached:
    """Somebody who adds where codes go to, and reads what comes there."""

    portal: Portal
    account: str
    api: Caller
    post: Post

    @classmethod
    def of(cls, portal: Portal, account: str, api: Caller, http: aiohttp.ClientSession) -> "Reached":
        """Give somebody with a mailbox."""
        return cls(portal, account, api, Post(http, portal.mailbox_url))

    async def add(self, to: str, **more: Any) -> str:
        """Add a phone or an address, and give its id."""
        wish = email(to) if "@" in to else {**phone(to, **more), "number": _typed(to)}
        method = await reaching.add(self.api, self.post, wish, to)
        await self.portal.let_time_pass(self.account)
        return str(method["id"])

    async def begin(self, number: str) -> str:
        """Begin to add a phone, and give the id of what waits for its code."""
        return str((await begun(self.api, phone(number)))["method_id"])

    async def change(self, method: str, **wish: Any) -> None:
        """Give another name, which counts at once, or another number or address, which waits for its code."""
        status, answer = await self.api("PATCH", f"{METHODS}/{method}", wish)
        assert status == 200, answer
        await self.portal.let_time_pass(self.account)


async def letters_of(post: Post) -> dict[str, str]:
    """Wait for one letter of each look, and give where the mailbox shows them."""

    async def merged() -> str | None:
        found = await post.letters(to="alice@contoso.example", channel="mail")
        return next((one["page"] for one in found if one["text"].count("By you,") > 1), None)

    async def first(**wanted: str) -> str:
        return str((await post.wait(**wanted))[-1]["page"])

    return {
        "mail_code": await first(to=PRIVATE, channel="mail"),
        "mail_notice": str(await until(merged, seconds=30)),
        "text_code": await first(to=MOBILE, channel="text"),
        "call_code": await first(to=LANDLINE, channel="call"),
    }
