"""A request that a process answers: the same object is served, called, exposed under /api and documented."""

from dataclasses import dataclass

from pydantic import BaseModel

from shared.contracts.problem import (
    ChangedMeanwhile,
    CommandReused,
    Invalid,
    Malformed,
    NotAllowed,
    NotSignedIn,
    PreconditionFailed,
    Problem,
    TooLarge,
    TooManyChanges,
    Unavailable,
    WrongContentType,
)

ALWAYS = (NotSignedIn, NotAllowed, Unavailable)
TO_COMMANDS = (ChangedMeanwhile, CommandReused, PreconditionFailed, TooManyChanges)
TO_BODIES = (Malformed, WrongContentType, TooLarge)
BODY_LIMIT = 64 * 1024
"""Bytes that a body may have where an endpoint does not say otherwise."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Endpoint:
    """Promise one answer.

    *name* is the operation's id in documents and logs; *path* is the public one without `/api`. The account is
    never part of it: it is the caller's. *fresh* answers hold secrets or are shown once and must not be stored
    by anyone (`no-store`); *exposed* ones stand under `/api`, the others serve the gateway's pages only.
    *body_limit* is in bytes.
    """

    name: str
    summary: str
    method: str
    path: str
    request: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    response: type[BaseModel] | None = None
    status: int = 200
    problems: tuple[type[Problem], ...] = ()
    exposed: bool = True
    fresh: bool = False
    body_limit: int = BODY_LIMIT

    @property
    def changes(self) -> bool:
        """Tell whether it is a command, which has an id and is carried out once."""
        return self.method not in {"GET", "HEAD"}

    @property
    def all_problems(self) -> tuple[type[Problem], ...]:
        """Name every problem that it may answer with, those that its kind brings included."""
        kinds = ALWAYS + (TO_COMMANDS if self.changes else ()) + (TO_BODIES if self.request else ())
        if self.changes or self.request or self.query:  # a command's id can be what is invalid
            kinds += (Invalid,)
        return self.problems + kinds
