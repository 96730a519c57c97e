"""The switch in the header: this browser keeps the language, and where somebody is signed in they prefer it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

from aiohttp import web

from gateway.handlers import Handlers
from gateway.language import form_of, keep_language, languages_of, local_path
from gateway.preferences import Preferences
from gateway.services import Services
from gateway.signing_in import SignIn
from shared.asking import Call
from shared.contracts import privacy as contract
from shared.contracts.problem import Problem, Unavailable
from shared.deciding import Actor, Command
from shared.facts import Facts
from shared.identifying import Principal

Prefer: TypeAlias = Callable[[web.Request, str], Awaitable[None]]
PREFER = web.AppKey[Prefer]("PREFER")
"""What lets who is signed in prefer a language."""


async def choose(request: web.Request) -> web.Response:
    """Keep the chosen language and go back to where the visitor was."""
    form = await form_of(request)
    response = web.Response(status=303, headers={"Location": local_path(str(form.get("return_to", "/")))})
    chosen = form.get("language")
    if isinstance(chosen, str) and chosen in languages_of(request.app):
        keep_language(request, response, chosen)
        if prefer := request.app.get(PREFER):
            await prefer(request, chosen)
    return response


class Switch:
    """Let who is signed in prefer another language, within *deadline* seconds.

    Where that cannot be said to privacy, it is the language of this session alone until something newer is heard.
    """

    def __init__(self, signing_in: SignIn, services: Services, own: Handlers, deadline: float) -> None:
        self._signing_in = signing_in
        self._privacy = services.privacy
        self._own = own
        self._deadline = deadline

    async def prefer(self, request: web.Request, language: str) -> None:
        """Prefer *language*, unless another one is locked."""
        with suppress(Problem):
            found = await self._signing_in.session_of(request)
            if found is None or found[1].preferences.locked or found[1].preferences.language == language:
                return
            person = self._signing_in.principal(request, *found)
            try:
                async with asyncio.timeout(self._deadline):
                    chosen = await self._chosen(person, language)
            except (TimeoutError, Unavailable):
                chosen = None
            kept = chosen or found[1].preferences.model_copy(update={"language": language})
            command = Command(Facts().id("prefer"), "prefer", Actor("user", person.account, person.client))
            await self._own.keep_preferences(Call(caller=person, command=command, path={}), kept)

    async def _chosen(self, person: Principal, language: str) -> Preferences | None:
        """Choose the language and leave the rest as it is; None where that was refused, but for a lock."""
        before = await self._privacy.call(contract.GET_PREFERENCES, person)
        kept = before.read(contract.Preferences)
        body = {"language": language, "region": kept.region, "time_zone": kept.time_zone}
        seen = {"If-Match": before.headers["ETag"]} if "ETag" in before.headers else {}
        answer = await self._privacy.call(contract.PUT_PREFERENCES, person, body=body, headers=seen)
        if answer.ok:
            return Preferences.of_answer(answer.read(contract.Preferences))
        if answer.problem().key == contract.LanguageLocked.key:
            raise contract.LanguageLocked(language=str(kept.locked_language))
        return None
