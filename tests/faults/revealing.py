"""Who has a device with recovery keys, and all that is said where they are shown."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from onebox.provider import Provider
from onebox.token import token
from shared.contracts import devices, organizations
from shared.contracts.problem import Unavailable
from tests.conftest import PEOPLE
from tests.faults.checking import Behind
from tests.faults.listening import Heard, waiting_in
from tests.faults.members import HOME, Member
from tests.faults.people import Wish
from tests.faults.receiving import MailServer
from tests.proving import session_of
from tests.spawning import Spawned, until

REVEALED = devices.RecoveryKeyRevealed.wire


class Owner(Member):
    """Someone with an address at work, whose devices have recovery keys."""

    def __init__(self, account: str, **kept: Any) -> None:
        super().__init__(**kept)
        self.account = account
        self.work = f"{account}@contoso.example"

    def known(self) -> Wish:
        wish = {"home_organization": HOME, "profile": {"name": "Owner", "email": self.work}}
        return Wish(self, organizations.PUT_ACCOUNT, wish, account=self.account)

    def put_key(self, device: str, key_id: str, key: str) -> Wish:
        wish, path = {"kind": "bitlocker", "key": key}, {"device_id": device, "key_id": key_id}
        return Wish(self, devices.PUT_RECOVERY_KEY, wish, account=self.account, **path)

    def reveal(self, device: str, key_id: str = "one") -> Wish:
        return Wish(self, devices.REVEAL_RECOVERY_KEY, device_id=device, key_id=key_id)


class Desk:
    """The processes, the mail server, and what is said of a recovery key."""

    def __init__(
        self, processes: Mapping[str, Spawned], mail: MailServer, accounts: Any, urls: Mapping[str, str]
    ) -> None:
        """*accounts* gives the documents of a service, *urls* the broker for each, by name."""
        self.processes, self.mail, self.said = processes, mail, list[str]()
        self._accounts, self._urls = accounts, urls

    async def again(self, name: str, *, failpoint: str | None = None) -> None:
        """Start a process again, and keep what it wrote until now."""
        process = self.processes[name]
        await process.kill9()
        self.said.append(process.text)
        await process.launch(failpoint=failpoint)
        if failpoint != "during a reaction":  # it may die before it is ready
            await process.until_ready()

    async def died(self, name: str) -> None:
        """Let a process die where it was to, and start it again."""
        process = self.processes[name]
        await process.ended()
        assert process.died_by_sigkill
        await self.again(name)

    def logs(self) -> str:
        return "\n".join([*self.said, *(process.text for process in self.processes.values())])

    def written(self) -> list[bytes]:
        """Give all letters: how they came, and what stands in each of their parts."""
        mails = self.mail.box.mails
        parts = [part for mail in mails for part in mail.walk() if not part.is_multipart()]
        return [*(mail.as_bytes() for mail in mails), *(part.get_payload(decode=True) for part in parts)]

    async def quiet(self, who: Owner) -> None:
        """Wait until no news and no letter about a person waits."""

        async def so() -> bool:
            waiting = [await waiting_in(url, name) for name, url in self._urls.items()]
            kept = [
                await self._accounts(name).find_one({"_id": who.account}) or {} for name in ("devices", "organizations")
            ]
            return not any([*waiting, *(one.get(what) for one in kept for what in ("outbox", "letters", "notices"))])

        await until(so, seconds=40, what="the end of all letters")

    def lines(self, who: Owner, sentence: str) -> list[int]:
        """Give how often each of a person's letters says a sentence; one that came twice is one."""
        texts = [same[0] for same in self.mail.to(who.work, codes=False).values()]
        return sorted(text.count(sentence) for text in texts if sentence in text)

    async def history(
        self, who: Owner, prover: Any, provider: Provider, http: aiohttp.ClientSession
    ) -> list[dict[str, Any]]:
        """Give what the gateway shows of the history, all of what was shown of recovery keys."""
        bearer = await token(provider.issuer, who.account, people=PEOPLE)
        headers = {"Authorization": f"Bearer {bearer}", **prover.header(who.account, session_of(bearer))}
        url = f"{self.processes['gateway'].url}/api/activity?limit=100"
        async with http.get(url, headers=headers) as response:
            assert response.status == 200
            answer = await response.json()
        assert answer["next"] is None
        return [entry for entry in answer["entries"] if entry["type"] == REVEALED]


async def told(behind: Behind, who: Owner) -> Heard:
    """Give what was told of the keys that a person was shown."""
    return [event for event in await behind.news(who) if event["type"] == REVEALED]


async def lost(wish: Wish, process: Spawned) -> None:
    """Ask, and do not hear the answer."""
    try:
        await wish(process)
    except Unavailable:
        return
