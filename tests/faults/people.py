"""An account holder who gives commands, each with an id of its own so that it can be repeated."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import aiohttp
import pyotp

from shared.calling import Answer, Service
from shared.contracts import privacy
from shared.contracts import security_info as contract
from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import Unavailable
from shared.identifying import Caller, Principal, Signer
from tests.proving import Prover
from tests.spawning import Spawned

_SESSION = "of-faults"

AnswerOf = Callable[[Spawned], Any]


class Wish:
    """One command; sent again, it is the same command."""

    def __init__(self, holder: "Holder", endpoint: Endpoint, body: Any = None, **path: str) -> None:
        self._holder, self.endpoint, self._body, self._path = holder, endpoint, body, path
        self.id = uuid.uuid4().hex

    async def __call__(self, process: Spawned) -> Answer:
        """Send it to *process*; `Unavailable` where no answer comes."""
        return await self._holder.call(
            process, self.endpoint, path=self._path, body=self._body, headers={"Idempotency-Key": self.id}
        )

    async def insisted(self, process: Spawned, *, seconds: float = 20) -> Answer:
        """Send it, and again while no answer comes or the answer is "not right now"."""
        async with asyncio.timeout(seconds):
            while True:
                try:
                    if (answer := await self(process)).status != 503:
                        return answer
                except Unavailable:
                    pass
                await asyncio.sleep(0.1)


class Holder:
    """Someone with an account that nobody else uses."""

    def __init__(self, signer: Signer, prover: Prover, http: aiohttp.ClientSession) -> None:
        self.account = uuid.uuid4().hex
        self._signer, self._prover, self._http = signer, prover, http

    async def call(self, process: Spawned, endpoint: Endpoint, **more: Any) -> Answer:
        service = Service(process.name, process.url, session=self._http, signer=self._signer, deadline=10)
        headers = {**more.pop("headers", {}), **self._proving(endpoint)}
        return await service.call(endpoint, self.caller(endpoint), headers=headers, **more)

    def caller(self, _endpoint: Endpoint) -> Caller:
        return Principal(account=self.account, session=_SESSION)

    def _proving(self, endpoint: Endpoint) -> dict[str, str]:
        return self._prover.header(self.account, _SESSION) if endpoint.needs_proof else {}

    def add(self, name: str = "Phone") -> Wish:
        return Wish(self, contract.ADD_METHOD, {"type": "authenticator-app", "name": name})

    def confirm(self, setup: contract.AuthenticatorAppSetup, *, right: bool = True) -> Wish:
        code = pyotp.TOTP(setup.key.replace(" ", "")).now()
        if not right:
            code = f"{(int(code) + 500_000) % 1_000_000:06}"
        return Wish(self, contract.CONFIRM_METHOD, {"code": code}, method_id=setup.method_id)

    def add_phone(self, typed: str, *, way: str = "text", country: str = "SE") -> Wish:
        number = {"country": country, "typed": typed}
        return Wish(self, contract.ADD_METHOD, {"type": "phone", "number": number, "way": way})

    def add_address(self, address: str) -> Wish:
        return Wish(self, contract.ADD_METHOD, {"type": "email", "address": address})

    def change_address(self, method_id: str, address: str) -> Wish:
        return Wish(self, contract.CHANGE_METHOD, {"address": address}, method_id=method_id)

    def send_again(self, method_id: str, **way: str) -> Wish:
        return Wish(self, contract.SEND_CODE, way, method_id=method_id)

    def type_code(self, method_id: str, code: str) -> Wish:
        return Wish(self, contract.CONFIRM_METHOD, {"code": code}, method_id=method_id)

    def rename(self, method_id: str, name: str) -> Wish:
        return Wish(self, contract.CHANGE_METHOD, {"name": name}, method_id=method_id)

    def remove(self, method_id: str) -> Wish:
        return Wish(self, contract.REMOVE_METHOD, method_id=method_id)

    async def started(self, process: Spawned, name: str = "Phone") -> contract.AuthenticatorAppSetup:
        """Start a setup."""
        return (await self.add(name)(process)).read(contract.AuthenticatorAppSetup)

    async def registered(self, process: Spawned, name: str = "Phone") -> str:
        """Add an authenticator app and give its id."""
        return (await self.confirm(await self.started(process, name))(process)).read(contract.Method).id

    async def names(self, process: Spawned) -> list[str]:
        answer = await self.call(process, contract.GET_SECURITY_INFO)
        return [method.name for method in answer.read(contract.SecurityInfo).methods]

    async def history(self, process: Spawned) -> list[str]:
        """Give the ids of all events in the account's history, the newest first."""
        ids: list[str] = []
        query = {"limit": "100"}
        while True:
            page = (await self.call(process, privacy.GET_ACTIVITY, query=query)).read(privacy.Activity)
            ids += [entry.id for entry in page.entries]
            if page.next is None:
                return ids
            query["before"] = page.next
