"""What the gateway answers of its own: what it composes of the services' answers, and who is signed in."""

from contextlib import suppress
from functools import partial
from typing import TypeVar

from gateway import accounts, sessions
from gateway.keeping import SessionKeeper
from gateway.overview import overview_json
from gateway.preferences import Preferences
from gateway.privacy import privacy_of
from gateway.services import Services
from gateway.sessions import KeptProof
from gateway.signing_in import SignIn
from shared.asking import Call
from shared.contracts import gateway as contract
from shared.contracts.problem import Problem
from shared.deciding import Rule

State = TypeVar("State")


class Handlers:
    """Answer for the account that calls, by a browser's session or by an access token."""

    def __init__(self, services: Services, keeper: SessionKeeper, signing_in: SignIn, *, deadline: float) -> None:
        self._services = services
        self._keeper = keeper
        self._signing_in = signing_in
        self._deadline = deadline

    async def get_overview(self, call: Call) -> bytes:
        """Compose the overview."""
        return await overview_json(self._services, call.principal, deadline=self._deadline)

    async def get_privacy(self, call: Call) -> contract.Privacy:
        """Compose what is known about the person, who uses it and what they agreed to."""
        return await privacy_of(self._services, call.principal, deadline=self._deadline)

    async def get_sessions(self, call: Call) -> contract.Sessions:
        """List the browsers in which the person is signed in."""
        own = call.principal.session
        shown = [
            contract.SessionOfPerson(
                id=id_,
                client=session.client,
                started_at=session.started_at,
                seen_at=session.seen_at,
                expires_at=session.expires_at,
                current=id_ == own,
            )
            for id_, session in (await self._keeper.of(call.account)).items()
        ]
        return contract.Sessions(sessions=tuple(sorted(shown, key=lambda one: not one.current)))

    async def end_session(self, call: Call) -> None:
        """Sign out of one browser."""
        session_id = call.path["session_id"]
        reason = "signed_out" if session_id == call.principal.session else "ended_elsewhere"
        rule = partial(sessions.end_own, session_id=session_id, account=call.account, reason=reason)
        await self._keeper.end(session_id, await self._guarded(call, rule), call.command)

    async def sign_out_everywhere(self, call: Call) -> contract.SignedOutEverywhere:
        """Sign out of every browser and every program; the ID token, as a hint, is not for scripts to read."""
        return contract.SignedOutEverywhere(continue_at=await self.leave_everything(call, hinting_at=None))

    async def leave_everything(self, call: Call, *, hinting_at: str | None) -> str:
        """Sign out everywhere and tell where the browser goes on to; *hinting_at* is the session that it has."""
        farewell = await self._signing_in.farewell(hinting_at)
        await self._keeper.sign_out_everywhere(call.account, await self._guarded(call, accounts.sign_out), call.command)
        return farewell

    async def keep_proof(self, call: Call, proof: KeptProof | None) -> None:
        """Keep a proof with the session of the call, or forget the one that it has."""
        if call.principal.session:
            await self._keeper.keep_proof(call.principal.session, proof, call.command)

    async def keep_preferences(self, call: Call, preferences: Preferences) -> None:
        """Keep what was just chosen with the session of the call; where that fails, the news of it tells."""
        if call.principal.session:
            with suppress(Problem):
                await self._keeper.prefer(call.principal.session, preferences, call.command)

    async def _guarded(self, call: Call, rule: Rule[State]) -> Rule[State]:
        """Give *rule*, refusing where the caller asks for it and has not seen the sessions as they were just before."""
        if not call.conditional:
            return rule
        seen = await self.get_sessions(call)
        return call.guarding(rule, lambda _state: seen)
