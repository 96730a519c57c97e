"""Services in use: what an account is connected to, and what each may see."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.wording import Answer, Moment, Request, StraightText, WebAddress

Term = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z-]{1,19}:[A-Za-z0-9-]{1,80}$"),
    Field(examples=["pd:EmailAddress"], description="A term of the W3C Data Privacy Vocabulary 2, with its prefix."),
]
MOST_SEEN = 30


class PutService(Request):
    """A service to which an organization's accounts may be connected."""

    name: StraightText
    publisher: StraightText | None = None
    page: WebAddress | None = None
    privacy_statement: WebAddress | None = None
    sees: tuple[Term, ...] = Field(default=(), max_length=MOST_SEEN, description="Categories of personal data.")
    may_disconnect: bool = Field(default=False, description="Whether people may disconnect it by themselves.")


class PutConnection(Request):
    """What is known of an account's connection to a service."""

    connected_at: Moment | None = Field(default=None, description="Since when; without it, since now.")
    last_used_at: Moment | None = None


class ConnectedService(Answer):
    id: str
    organization_id: str
    organization_name: str
    name: str
    publisher: str | None
    page: str | None
    privacy_statement: str | None
    sees: tuple[str, ...]
    since: datetime
    last_used_at: datetime | None
    can_disconnect: bool
