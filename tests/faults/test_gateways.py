"""Two gateways on one database: what ends a person's sessions ends each of them once, whatever breaks."""

import secrets
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import pytest
from pydantic import BaseModel

from gateway import sessions
from gateway.sessions import Session
from onebox.house import Plan
from onebox.provider import Provider
from shared.connecting import safe
from shared.contracts.gateway import SessionEnded
from shared.deciding import Actor, Command
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.faults.listening import Listener, emptied, waiting_in
from tests.faults.members import Member
from tests.faults.portals import gateway_before, started
from tests.spawning import Spawned, until


class Browser(BaseModel):
    """A browser with a session."""

    session_id: str
    secret: str

    async def asks(self, http: aiohttp.ClientSession, gateway: Spawned, method: str = "GET", path: str = "") -> int:
        """Call the API of one gateway as its own pages do; give the status."""
        headers = {
            "Cookie": f"profile={self.session_id}.{self.secret}",
            "Origin": gateway.settings["public_url"],
            "Sec-Fetch-Site": "same-origin",
        }
        async with http.request(method, f"{gateway.url}/api/sessions{path}", headers=headers) as response:
            return response.status


class Gateways:
    """Two gateways, and who is signed in at them."""

    def __init__(self, pair: tuple[Spawned, Spawned], collection: Any, http: aiohttp.ClientSession) -> None:
        self.pair, self.http = pair, http
        self._store = Store[Session | None](
            MongoShelf(collection),
            Session,
            source="/gateway",
            empty=_no_session,
            account_of=lambda _key, session: session.account if session else None,
        )

    async def sign_in(self, account: str) -> Browser:
        """Let a session begin as a sign-in does."""
        browser = Browser(session_id=str(uuid.uuid4()), secret=secrets.token_urlsafe(32))
        rule = partial(
            sessions.start,
            session_id=browser.session_id,
            account=account,
            profile={"secret_digest": sessions.digest_of(browser.secret), "auth_time": int(time.time())},
            lifetime=timedelta(hours=1),
        )
        await self._store.change(browser.session_id, rule, command=Command("start", "start", Actor("user", account)))
        shelf = self._store._shelf
        await shelf.sent(browser.session_id, [entry["id"] for entry in await shelf.outbox(browser.session_id)])
        return browser

    async def until_all_answer(self, browsers: list[Browser], status: int, *, seconds: float = 5) -> None:
        """Wait until each browser gets this answer from each gateway; 5 seconds are promised."""

        async def so() -> bool:
            return {await one.asks(self.http, gateway) for one in browsers for gateway in self.pair} == {status}

        await until(so, seconds=seconds, what=f"{status} for every session")

    async def until_over(self, browsers: list[Browser]) -> None:
        """Wait until each of the sessions has ended and all news of it is out."""

        async def so() -> bool:
            found = [await self._store._shelf.load(one.session_id, commands=False) for one in browsers]
            waiting = [await self._store._shelf.outbox(one.session_id) for one in browsers]
            return all(one and one.get("ended_at") for one in found) and not any(waiting)

        await until(so, seconds=30, what="the end of every session")


@pytest.fixture
def database(shared_database: str) -> str:
    return shared_database


@pytest.fixture(scope="module")
async def both(
    *, shared_spawn, fault_plan: Plan, provider: Provider, mongo, shared_database: str, http
) -> AsyncIterator[Gateways]:
    queue = fault_plan.broker_url("gateway")
    await emptied(queue, "gateway")
    dead = await waiting_in(queue, "gateway.dead")
    pair = tuple(gateway_before({}, fault_plan, provider, shared_spawn) for _ in range(2))
    await started(pair)
    yield Gateways(pair, safe(mongo[f"{shared_database}_gateway"], "sessions"), http)
    assert await waiting_in(queue, "gateway.dead") == dead


@pytest.fixture
def gateways(both: Gateways, listener) -> Gateways:
    """Both gateways, while a listener listens."""
    return both


async def endings(listener: Listener, account: str) -> list[tuple[str, str]]:
    """Give which sessions were told to be over and why, each piece of news once."""
    told = {event["id"]: event for event in await listener.heard(account) if event["type"] == SessionEnded.wire}
    return sorted((event["data"]["session_id"], event["data"]["reason"]) for event in told.values())


async def signed_in(gateways: Gateways, account: str, number: int = 4) -> list[Browser]:
    browsers = [await gateways.sign_in(account) for _ in range(number)]
    await gateways.until_all_answer(browsers, 200, seconds=15)
    return browsers


async def test_signing_out_everywhere_at_both_ends_each_session_once(
    gateways: Gateways, member: Member, listener: Listener
):
    browsers = await signed_in(gateways, member.account)
    for browser, gateway in zip(browsers, gateways.pair, strict=False):
        assert await browser.asks(gateways.http, gateway, "POST", "/revoke") in {200, 401}
    await gateways.until_all_answer(browsers, 401)
    await gateways.until_over(browsers)
    assert await endings(listener, member.account) == sorted(
        (browser.session_id, "signed_out_everywhere") for browser in browsers
    )
    later = await gateways.sign_in(member.account)
    await gateways.until_all_answer([later], 200)


async def test_an_account_that_is_disabled_is_out_everywhere_and_each_session_ends_once(
    gateways: Gateways, member: Member, listener: Listener, spawn
):
    organizations = spawn("organizations")
    await organizations.start()
    await member.joined(organizations)
    browsers = await signed_in(gateways, member.account)
    assert (await member.belonging(disabled=True)(organizations)).ok
    await gateways.until_all_answer(browsers, 401)
    await gateways.until_over(browsers)
    assert await endings(listener, member.account) == sorted(
        (browser.session_id, "account_disabled") for browser in browsers
    )
    meanwhile = await gateways.sign_in(member.account)  # as where it was not heard yet that it was disabled
    await gateways.until_all_answer([meanwhile], 401)
    assert (await member.belonging()(organizations)).ok
    later = await gateways.sign_in(member.account)
    await gateways.until_all_answer([later], 200)
    await gateways.until_over([meanwhile])
    await gateways.until_all_answer([meanwhile], 401)


@pytest.mark.parametrize(
    "place",
    [
        "after save",
        "after a reaction",
        # The relay is the same everywhere, and is killed at each of its places in test_dying_while_changing.
        *(
            pytest.param(place, marks=pytest.mark.long)
            for place in ("during a reaction", "before confirm", "before pull")
        ),
    ],
)
async def test_a_gateway_dies_over_it(place: str, gateways: Gateways, member: Member, listener: Listener):
    browsers = await signed_in(gateways, member.account)
    one, other = gateways.pair
    for process in gateways.pair:
        await process.kill9()
    await one.start(failpoint=place)
    with suppress(aiohttp.ClientError):  # it may die before it answers
        await browsers[0].asks(gateways.http, one, "POST", "/revoke")
    await one.ended()
    assert one.died_by_sigkill
    await one.start()
    await other.start()
    await gateways.until_all_answer(browsers, 401)
    await gateways.until_over(browsers)
    assert await endings(listener, member.account) == sorted(
        (browser.session_id, "signed_out_everywhere") for browser in browsers
    )


def _no_session() -> Session | None:
    return None
