"""What the gateway promises of its own: the overview, and news of who is signed in."""

from typing import ClassVar, Generic, TypeVar

from pydantic import Field

from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.contracts.privacy import Activity
from shared.contracts.security_info import SecurityInfo
from shared.contracts.wording import Answer

Content = TypeVar("Content", bound=Answer)


class Section(Answer, Generic[Content]):
    """A part of the overview; *content* is null while its service does not answer in time."""

    available: bool
    content: Content | None = None


class Profile(Answer):
    """Who the account belongs to, as far as the sign-in told."""

    account: str
    name: str | None = None
    email: str | None = None


class Overview(Answer):
    profile: Profile
    security_info: Section[SecurityInfo]
    activity: Section[Activity] = Field(description="The newest entries.")


class SessionStarted(Event):
    """A person signed in to the portal."""

    wire: ClassVar[str] = "profile.gateway.session.started.v1"
    tells_person: ClassVar[bool] = True
    session_id: str


class SessionEnded(Event):
    """A person's session in the portal is over."""

    wire: ClassVar[str] = "profile.gateway.session.ended.v1"
    session_id: str
    reason: str = Field(description="`signed_out`, or `replaced` by a sign-in in the same browser.")


GET_OVERVIEW = Endpoint(
    name="getOverview",
    summary="Read everything at a glance; a service that is late costs its section, never the answer",
    method="GET",
    path="/overview",
    response=Overview,
)

ENDPOINTS = (GET_OVERVIEW,)
EVENTS = (SessionStarted, SessionEnded)
