"""Who is signed in, and whose sign-ins still count: the gateway's own store, asked with every request."""

import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from pymongo import ASCENDING, DESCENDING

from gateway import sessions
from gateway.accounts import Account
from gateway.preferences import Preferences
from gateway.sessions import KeptProof, Session
from shared.connecting import Collection
from shared.contracts.problem import Problem, Unavailable
from shared.deciding import Actor, Command, Rule
from shared.facts import Facts, now
from shared.storing import Outcome, Store, StoreUnavailable
from shared.storing.mongo import answered

KEPT_SECONDS = 3.0
"""For how long another gateway's change of an account's standing may go unnoticed here; 5 are promised."""
_MOST_KEPT = 10_000
MOST_SESSIONS = 100
_LONGEST_ID = 64
_READ = {"outbox": 0, "parked": 0, "commands": 0, "id_token": 0}


class Standings:
    """Give what is known of accounts, each read at most once in `KEPT_SECONDS`."""

    def __init__(self, store: Store[Account]) -> None:
        self._store = store
        self._kept: OrderedDict[str, tuple[float, Account]] = OrderedDict()

    async def of(self, account: str) -> Account:
        """Give an account's standing."""
        moment = time.monotonic()
        kept = self._kept.get(account)
        if kept and kept[0] > moment:
            return kept[1]
        standing = await self._store.read(account)
        if (meanwhile := self._kept.get(account)) and meanwhile is not kept:  # what was changed here is newer
            return meanwhile[1]
        self._keep(account, standing, since=moment)  # it may have changed elsewhere from then on
        return standing

    async def change(self, account: str, rule: Rule[Account], command: Command) -> Outcome[Account]:
        """Change an account's standing; here it counts at once."""
        since = time.monotonic()
        outcome = await self._store.change(account, rule, command=command)
        self._keep(account, outcome.state, since=since)
        return outcome

    def _keep(self, account: str, standing: Account, *, since: float) -> None:
        self._kept[account] = (since + KEPT_SECONDS, standing)
        self._kept.move_to_end(account)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)


class SessionKeeper:
    """Keep the sessions of everyone who signed in."""

    def __init__(
        self, store: Store[Session | None], collection: Collection, standings: Standings, *, idle: timedelta
    ) -> None:
        self._store = store
        self._collection = collection
        self._standings = standings
        self._idle = idle

    async def prepare(self) -> None:
        """Make the indexes of the questions: whose sessions there are, and which the provider means."""
        await self._collection.create_index([("account", ASCENDING), ("seen_at", DESCENDING)])
        for name in ("subject", "provider_session"):
            await self._collection.create_index([(name, ASCENDING), ("started_at", ASCENDING)])

    async def start(self, session_id: str, *, account: str, profile: Mapping[str, Any], lifetime: timedelta) -> Session:
        """Start a session, unless the account may not be used."""
        standing = await self._standings.of(account)
        standing.refuse_if_disabled()
        profile = {**profile, "preferences": standing.preferences}
        rule = partial(sessions.start, session_id=session_id, lifetime=lifetime, account=account, profile=profile)
        command = Command(id=Facts().id("start"), digest="start", actor=Actor("user", account, profile["client"]))
        session = (await self._store.change(session_id, rule, command=command)).state
        if session is None:
            raise TypeError("a session that was started is there")
        return session

    async def takes(self, account: str, authenticated_at: int | None) -> bool:
        """Tell whether a person who proved who they are at that second may come in without doing it again."""
        return (await self._standings.of(account)).takes_sign_in(authenticated_at)

    async def opened_with(self, cookie: str) -> tuple[str, Session] | None:
        """Give the live session that a cookie is the key to; one document is read, and the account's if need be.

        How the person reads is what they chose in this session, unless news told something newer.
        """
        session_id, _, secret = cookie.partition(".")
        if not secret or not cookie.isascii() or len(session_id) > _LONGEST_ID:
            return None
        session = await self._store.read(session_id)
        moment = now()
        if session is None or not session.opens_with(secret) or not session.lives(moment, idle=self._idle):
            return None
        standing = await self._standings.of(session.account)
        if standing.disabled or not standing.takes_session(session.started_at, session.auth_time):
            return None
        if moment - session.seen_at > min(sessions.SEEN_EVERY, self._idle / 4):
            command = Command(Facts().id("see"), "see", Actor("user", session.account, session.client))
            with suppress(Problem):  # reading goes on where writing does not
                await self._store.change(session_id, sessions.see, command=command)
        preferences = session.preferences.unless_older(standing.preferences)
        return session_id, session.model_copy(update={"preferences": preferences})

    async def with_hint(self, session_id: str) -> Session | None:
        """Give a session with the ID token opened that the provider gave for it."""
        return await self._store.read(session_id, opens=("id_token",))

    async def of(self, account: str) -> dict[str, Session]:
        """Give an account's live sessions by their ids, the last seen first, at most `MOST_SESSIONS`."""
        moment = now()
        wanted = {
            "account": account,
            "ended_at": None,
            "expires_at": {"$gt": moment},
            "seen_at": {"$gt": moment - self._idle},
        }
        standing = await self._standings.of(account)
        found = await self._found(wanted, last_seen_first=True)
        return {
            id_: session
            for id_, session in found.items()
            if standing.takes_session(session.started_at, session.auth_time)
        }

    async def keep_proof(self, session_id: str, proof: KeptProof | None, command: Command) -> None:
        """Keep a proof with the session that gave it, or forget the one that it has."""
        await self._store.change(session_id, partial(sessions.keep_proof, proof=proof), command=command)

    async def prefer(self, session_id: str, preferences: Preferences, command: Command) -> None:
        """Keep with a session what its person just chose, so that its next page shows it."""
        await self._store.change(session_id, partial(sessions.prefer, preferences=preferences), command=command)

    async def end(self, session_id: str, rule: Rule[Session | None], command: Command) -> None:
        """End one session by *rule*."""
        await self._store.change(session_id, rule, command=command)

    async def end_all(self, whose: Mapping[str, str], *, until: datetime, reason: str, command: Command) -> None:
        """End every session that began up to *until*; *whose* names it by account, subject or the provider's session.

        It may run again, and beside itself: a session is ended once.
        """
        while found := await self._found({**whose, "ended_at": None, "started_at": {"$lte": until}}):
            for session_id in found:
                rule = partial(sessions.end, session_id=session_id, reason=reason)
                await self._store.change(session_id, rule, command=command)

    async def sign_out_everywhere(self, account: str, rule: Rule[Account], command: Command) -> None:
        """Let nothing count that began up to now, by *rule*; the news of it ends the sessions one by one."""
        await self._standings.change(account, rule, command)

    async def _found(self, wanted: Mapping[str, Any], *, last_seen_first: bool = False) -> dict[str, Session]:
        cursor = self._collection.find(dict(wanted), _READ).limit(MOST_SESSIONS)
        if last_seen_first:
            cursor = cursor.sort([("seen_at", DESCENDING)])
        try:
            found = await answered(cursor.max_time_ms(2000).to_list(MOST_SESSIONS))
        except StoreUnavailable as error:
            raise Unavailable from error
        return {document["_id"]: Session.model_validate(document) for document in found}
