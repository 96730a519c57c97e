"""A request that a process answers: the same object is served, called, exposed under /api and documented."""

import re
from dataclasses import dataclass

from pydantic import BaseModel

from shared.contracts.problem import (
    AccountDisabled,
    ChangedMeanwhile,
    CommandReused,
    Invalid,
    Malformed,
    MissingScope,
    NotAllowed,
    NotSignedIn,
    OrganizationNotYours,
    PreconditionFailed,
    Problem,
    ProofNeeded,
    TooLarge,
    TooManyChanges,
    Unavailable,
    WrongContentType,
)

ALWAYS = (NotSignedIn, NotAllowed, Unavailable)
TO_PERSONS = (AccountDisabled,)
TO_SYSTEMS = (MissingScope, OrganizationNotYours)
TO_COMMANDS = (ChangedMeanwhile, CommandReused, TooManyChanges)
TO_COMMANDS_OF_PERSONS = (PreconditionFailed,)
TO_BODIES = (Malformed, WrongContentType, TooLarge)
BODY_LIMIT = 64 * 1024
"""Bytes that a body may have where an endpoint does not say otherwise."""
LINE_LIMIT = 16 * 1024
"""Bytes that one line of a stream may have."""

ACCOUNT = r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]{0,253}[^\s\x00-\x1f\x7f])?$"
"""An account's id is whatever the provider's claim holds: up to 255 characters (OpenID Connect Core 1.0, section 2)."""
IDENTIFIER = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"
"""An id that a system gives to a thing."""
_PATH_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Endpoint:
    """Promise one answer.

    *name* is the operation's id in documents and logs; *path* is the public one without `/api`. A person's account
    is never part of it: it is the caller's. With a *scope* the endpoint is for systems, whose token must have been
    issued for it, and which name the account. With *needs_proof* a person must have proved who they are in the last
    minutes, for this scope of proofs. *fresh* answers hold secrets or are shown once and must not be stored
    by anyone (`no-store`); *exposed* ones stand under `/api`, the others serve the gateway's pages only.
    *body_limit* is in bytes. With *lines* the request and the answer are streams of lines (NDJSON), each a request or
    an answer by itself, of at most `LINE_LIMIT` bytes. Without an *optional_body* the request has its
    defaults.
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
    scope: str | None = None
    needs_proof: str | None = None
    exposed: bool = True
    fresh: bool = False
    body_limit: int = BODY_LIMIT
    lines: bool = False
    optional_body: bool = False

    @property
    def changes(self) -> bool:
        """Tell whether it is a command, which has an id and is carried out once."""
        return self.method not in {"GET", "HEAD"}

    @property
    def all_problems(self) -> tuple[type[Problem], ...]:
        """Name every problem that it may answer with, those that its kind brings included."""
        kinds = ALWAYS + (TO_SYSTEMS if self.scope else TO_PERSONS)
        kinds += (TO_COMMANDS if self.changes else ()) + (TO_BODIES if self.request else ())
        kinds += TO_COMMANDS_OF_PERSONS if self.changes and not self.scope else ()
        kinds += (ProofNeeded,) if self.needs_proof else ()
        if self.changes or self.request or self.query:  # a command's id can be what is invalid
            kinds += (Invalid,)
        return self.problems + kinds

    @property
    def path_parameters(self) -> dict[str, str | None]:
        """Give the pattern of each path parameter: systems make ids up, persons only use what they were shown."""
        return {
            name: (ACCOUNT if name == "account" else IDENTIFIER) if self.scope else None
            for name in _PATH_PARAMETER.findall(self.path)
        }
