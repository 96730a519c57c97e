"""What privacy promises: what happened to an account, and what its organizations declare about its data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from shared.contracts.endpoint import Endpoint
from shared.contracts.envelope import Client
from shared.contracts.problem import Problem
from shared.contracts.wording import Answer, Request, Search


class ActivityQuery(Request):
    """Which part of the history: entries older than *before*, at most *limit*, matching *q*."""

    before: str | None = Field(
        default=None, max_length=64, description="`next` of the page before; without it, the newest entries."
    )
    limit: int = Field(default=25, ge=1, le=100)
    q: Search | None = Field(
        default=None,
        description="Words that an entry's kind, name, browser, system or place must hold.",
    )


class ActivityEntry(Answer):
    id: str
    type: str = Field(description="The wire name of the event.")
    at: datetime
    by: Literal["you", "system"]
    client: Client
    facts: dict[str, Any] = Field(description="The event's data, as in the AsyncAPI document.")


class Activity(Answer):
    entries: tuple[ActivityEntry, ...]
    next: str | None = Field(description="Give it as `before` to go on; null at the end.")


class Notice(Answer):
    """An organization's privacy notice."""

    organization_id: str
    organization_name: str
    home: bool
    statement: str | None = Field(description="The address of its privacy statement; null where it gave none.")


class Notices(Answer):
    notices: tuple[Notice, ...] = Field(description="The home organization's first, the others by name.")


class Glance(Answer):
    """What the overview shows of privacy, in one answer."""

    notices: Notices
    activity: Activity = Field(description="The newest entries.")


@dataclass(eq=False, kw_only=True)
class PlaceUnknown(Problem):
    """Refuse a `before` that no page of this history gave."""

    key: ClassVar[str] = "place_unknown"
    status: ClassVar[int] = 422


GET_ACTIVITY = Endpoint(
    name="getActivity",
    summary="Read the history of the account, newest first",
    method="GET",
    path="/activity",
    query=ActivityQuery,
    response=Activity,
    problems=(PlaceUnknown,),
)

GET_NOTICES = Endpoint(
    name="getPrivacyNotices",
    summary="List what one's organizations declare about data",
    method="GET",
    path="/privacy/notices",
    response=Notices,
    exposed=False,
)

GET_GLANCE = Endpoint(
    name="getPrivacyAtAGlance",
    summary="Read what the overview shows of privacy",
    method="GET",
    path="/privacy/glance",
    response=Glance,
    exposed=False,
)

ENDPOINTS = (GET_ACTIVITY, GET_NOTICES, GET_GLANCE)
EVENTS = ()
