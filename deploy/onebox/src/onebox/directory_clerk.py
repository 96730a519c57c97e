"""Put one thing in through `/api/system`, however often that has to be tried."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import aiohttp
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from yarl import URL

from onebox.processes import SetupError
from shared.contracts.devices import NotAMember
from shared.contracts.endpoint import Endpoint
from shared.contracts.lines import MEDIA_TYPE, LineResult
from shared.contracts.problem import ChangedMeanwhile, NotAllowed, NotSignedIn, ProblemDetails
from shared.reading import JSON

NEWS_SECONDS = 15.0
"""Seconds within which devices and privacy should have heard of a membership that was put in before."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0
_NO_ANSWER = 0
_PASSING_STATUS = {
    _NO_ANSWER,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_PASSING = {NotAMember.key, ChangedMeanwhile.key}
_ABOUT_THE_TOKEN = {NotSignedIn.key, NotAllowed.key}


@dataclass(frozen=True)
class Wish:
    """One thing to put in; *names* are the path parameters."""

    endpoint: Endpoint
    names: Mapping[str, str]
    body: BaseModel | None = None

    @property
    def account(self) -> str | None:
        """Name the account that it is about."""
        return self.names.get("account") or getattr(self.body, "account", None)

    def follows(self, earlier: "Wish") -> bool:
        """Tell whether it is a later version of the same, which must not come to hold where *earlier* does not."""
        return (
            self.endpoint is earlier.endpoint
            and "version" in self.names
            and _unversioned(self) == _unversioned(earlier)
        )

    @property
    def path(self) -> str:
        """Give the path, with names quoted, dots too, so that none becomes another path."""
        quoted = {name: quote(value, safe="").replace(".", "%2E") for name, value in self.names.items()}
        return f"/api{self.endpoint.path.format_map(quoted)}"

    @property
    def content(self) -> Any:
        """Give the body for JSON; what is left out in the file is left out here."""
        return self.body.model_dump(mode="json", exclude_unset=True) if self.body else None


@dataclass(frozen=True)
class Refusal:
    """What was not taken, and why."""

    wish: Wish
    problem: ProblemDetails

    def __str__(self) -> str:
        """Say it in a line."""
        title = self.problem.title or "it says no more"
        return f"{self.wish.endpoint.method} {self.wish.path}: {self.problem.status} {self.problem.key}: {title}"


@dataclass
class Clerk:
    """Put things in, each until it is taken or refused.

    *patience* is in seconds: so long after its beginning, or after anything at all was taken, nothing is tried again.
    """

    http: aiohttp.ClientSession
    url: str
    patience: float
    taken: int = 0
    taken_at: float = field(default_factory=time.monotonic)

    async def put(self, wish: Wish, *, membership_told: bool) -> Refusal | None:
        """Put one thing in; SetupError where what is in the way is in the way of all others too.

        It is one command however often it is tried, and so carried out once.
        """
        begun, pause = time.monotonic(), _FIRST_PAUSE
        key = uuid4().hex
        while True:
            problem, asked_for = await self._tried(wish, key)
            if problem is None:
                self.taken, self.taken_at = self.taken + 1, time.monotonic()
                return None
            if problem.key in _ABOUT_THE_TOKEN:
                raise SetupError(f"{self.url} does not take this token ({problem.key}: {problem.title}).")
            until = min(begun, self.taken_at) + self.patience
            if problem.key == NotAMember.key:
                until = min(until, begun + NEWS_SECONDS) if membership_told else begun
            wait = max(asked_for, pause)
            passes = problem.status in _PASSING_STATUS or problem.key in _PASSING
            if not passes or time.monotonic() + wait > until:
                if problem.status == _NO_ANSWER:
                    raise SetupError(f"{self.url} does not answer ({problem.title}).")
                return Refusal(wish, problem)
            await asyncio.sleep(wait)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _tried(self, wish: Wish, key: str) -> tuple[ProblemDetails | None, float]:
        """Try once; gives what is in the way, and for how many seconds one was asked to wait."""
        try:
            async with self.http.request(
                wish.endpoint.method,
                URL(f"{self.url}{wish.path}", encoded=True),
                data=to_json(wish.content) if wish.body else None,
                headers={"Idempotency-Key": key, "Content-Type": MEDIA_TYPE if wish.endpoint.lines else JSON},
                allow_redirects=False,
            ) as response:
                content = await response.read()
        except aiohttp.ClientSSLError:
            raise SetupError(
                f"{self.url} does not prove to be who it says it is: its certificate is no good."
            ) from None
        except (aiohttp.ClientError, OSError) as error:  # also when it takes too long
            return ProblemDetails(status=_NO_ANSWER, key="no_answer", title=type(error).__name__), 0
        if response.status < HTTPStatus.MULTIPLE_CHOICES:
            return (_problem_of_line(content) if wish.endpoint.lines else None), 0
        after = response.headers.get("Retry-After", "")
        return _problem(response.status, content), float(after) if re.fullmatch(r"[0-9]{1,9}", after) else 0


def _unversioned(wish: Wish) -> dict[str, str]:
    return {name: value for name, value in wish.names.items() if name != "version"}


def _problem_of_line(content: bytes) -> ProblemDetails | None:
    """Tell what is in the way of the one line that was sent; without an answer of its own it is to be sent again."""
    try:
        result = LineResult.model_validate_json(content)
    except ValidationError:
        return ProblemDetails(status=_NO_ANSWER, key="no_answer", title="the answer broke off")
    return _problem(result.status, to_json(result.problem)) if result.problem else None


def _problem(status: int, content: bytes) -> ProblemDetails:
    try:
        return ProblemDetails.model_validate_json(content)
    except ValidationError:
        return ProblemDetails(status=status, key="unexpected", title="no answer of My Profile")
