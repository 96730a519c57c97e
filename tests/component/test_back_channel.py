"""The provider says that someone signed out there: which of its words count, and what they end."""

import time
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from gateway import sessions
from gateway.accounts import Account
from gateway.back_channel import EVENT, PATH, BackChannel
from gateway.keeping import SessionKeeper, Standings
from gateway.provider import Provider
from gateway.sessions import Session
from shared.connecting import safe
from shared.contracts.envelope import Client
from shared.facts import now
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.component.minting import SmallProvider, by_hand, signed

HOUR = timedelta(hours=1)


@pytest.fixture
async def known():
    """A provider that the gateway of these tests knows."""
    small = SmallProvider()
    async with small.server:
        yield small


@pytest.fixture
async def keeper(own_database):
    """Keep sessions in a database of this test's own."""
    collection = safe(own_database, "sessions")
    accounts = Store(MongoShelf(safe(own_database, "accounts")), Account, source="/gateway", empty=Account)
    store = Store(
        MongoShelf(collection), Session, source="/gateway", empty=lambda: None, account_of=lambda _key, one: one.account
    )
    made = SessionKeeper(store, collection, Standings(accounts), idle=HOUR)
    await made.prepare()
    return made


@pytest.fixture
async def channel(known, keeper):
    """Send logout tokens to a gateway, as the provider does."""
    async with aiohttp.ClientSession() as http:
        app = web.Application()
        asked = Provider(known.issuer, "portal", SecretStr("s"), http)
        app.router.add_post(PATH, BackChannel(asked, keeper).log_out)
        async with TestClient(TestServer(app)) as client:
            yield client


async def sign_in(keeper, session_id, *, subject="alice", at_provider="p1"):
    profile = {
        "subject": subject,
        "provider_session": at_provider,
        "secret_digest": sessions.digest_of(session_id),
        "client": Client(),
    }
    await keeper.start(session_id, account=f"account of {subject}", profile=profile, lifetime=HOUR)


async def open_now(keeper, *session_ids):
    """Name those of the sessions that can still be opened."""
    return {id_ for id_ in session_ids if await keeper.opened_with(f"{id_}.{id_}")}


def logout_token(provider, **changed):
    told = {"sub": "alice", "jti": "j1", "iat": int(time.time()), "events": {EVENT: {}}} | changed
    return signed(provider, changed.pop("typ", "logout+jwt"), **told)


async def send(channel, token):
    async with channel.post(PATH, data={"logout_token": token}) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status


async def test_a_subject_ends_every_session_of_that_person(channel, known, keeper):
    await sign_in(keeper, "a", at_provider="p1")
    await sign_in(keeper, "b", at_provider="p2")
    await sign_in(keeper, "c", subject="bob")
    assert await send(channel, logout_token(known)) == 200
    assert await open_now(keeper, "a", "b", "c") == {"c"}


async def test_a_session_at_the_provider_ends_what_came_of_it(channel, known, keeper):
    await sign_in(keeper, "a", at_provider="p1")
    await sign_in(keeper, "b", at_provider="p2")
    assert await send(channel, logout_token(known, sub=None, sid="p1")) == 200
    assert await open_now(keeper, "a", "b") == {"b"}
    assert await send(channel, logout_token(known, sub="bob", sid="p2")) == 200
    assert await open_now(keeper, "b") == {"b"}


async def test_the_same_token_again_ends_nothing_that_began_since(channel, known, keeper):
    await sign_in(keeper, "a")
    token = logout_token(known, iat=int(time.time()) - 60)
    assert await send(channel, token) == 200
    assert await open_now(keeper, "a") == {"a"}  # it began after the token was made


async def test_sessions_are_found_by_the_providers_names_with_an_index(keeper):
    await sign_in(keeper, "a")
    for name in ("subject", "provider_session"):
        wanted = {name: "alice", "ended_at": None, "started_at": {"$lte": now()}}
        plan = await keeper._collection.find(wanted).limit(100).explain()
        assert f"{name}_1_started_at_1" in str(plan["queryPlanner"]["winningPlan"]), name


REFUSED = {
    "nothing": lambda _p: "",
    "nonsense": lambda _p: "nonsense",
    "too much": lambda _p: "a" * 20_000,
    "an ID token": lambda p: signed(p, "JWT"),
    "an access token": signed,
    "without the event": lambda p: logout_token(p, events={}),
    "with another event": lambda p: logout_token(p, events={"https://other.example/": {}}),
    "with an event that is no object": lambda p: logout_token(p, events={EVENT: "yes"}),
    "with events that are no object": lambda p: logout_token(p, events=[EVENT]),
    "with a nonce": lambda p: logout_token(p, nonce="n"),
    "of nobody": lambda p: logout_token(p, sub=None),
    "of an empty name": lambda p: logout_token(p, sub=""),
    "without an id": lambda p: logout_token(p, jti=None),
    "without a date": lambda p: logout_token(p, iat=None),
    "long ago": lambda p: logout_token(p, iat=int(time.time()) - 3600),
    "from tomorrow": lambda p: logout_token(p, iat=int(time.time()) + 86_400),
    "expired": lambda p: logout_token(p, exp=int(time.time()) - 120),
    "for another client": lambda p: logout_token(p, aud="another"),
    "of another issuer": lambda p: logout_token(p, iss="https://evil.example"),
    "unsigned": lambda p: by_hand(p, "none"),
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED)
async def test_what_is_no_logout_token_for_us_ends_nothing(channel, known, keeper, token):
    await sign_in(keeper, "a")
    assert await send(channel, token(known)) == 400
    assert await open_now(keeper, "a") == {"a"}


async def test_the_portal_takes_it_from_a_server_that_is_no_browser(portal, http):
    async with http.post(f"{portal.url}{PATH}", data={"logout_token": "nonsense"}) as answer:
        assert answer.status == 400
        assert await answer.json() == {"error": "invalid_request"}


async def test_a_provider_that_cannot_be_asked_for_its_keys_is_told_to_try_again(known, keeper):
    async with aiohttp.ClientSession() as http:
        app = web.Application()
        asked = Provider("http://localhost:9", "portal", SecretStr("s"), http)
        app.router.add_post(PATH, BackChannel(asked, keeper).log_out)
        async with TestClient(TestServer(app)) as client:
            assert await send(client, logout_token(known)) == 503
