"""What the gateway promises of its own: what it composes of the services' answers, and who is signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from pydantic import Field

from shared.contracts.devices import Devices
from shared.contracts.endpoint import Endpoint
from shared.contracts.envelope import Client
from shared.contracts.event import Event
from shared.contracts.organizations import ContactPoint, Organizations, Profile
from shared.contracts.privacy import Activity, ConnectedService, DataUse, Notice, Notices, Terms
from shared.contracts.problem import Problem
from shared.contracts.security_info import SecurityInfo
from shared.contracts.wording import Answer

Content = TypeVar("Content", bound=Answer)


class Section(Answer, Generic[Content]):
    """A part of the overview; *content* is null while its service does not answer in time."""

    available: bool
    content: Content | None = None


class PrivacySummary(Notices):
    """The notices, and how much there is beside them."""

    terms_to_accept: int = 0
    services: int = Field(default=0, description="To which the account is connected.")
    second_step_failed_at: datetime | None = Field(
        default=None, description="Of the newest sign-in that had the right password and not the second step."
    )


class Overview(Answer):
    profile: Profile = Field(description="As in organizations; while that is away, what the sign-in told.")
    security_info: Section[SecurityInfo]
    devices: Section[Devices]
    organizations: Section[Organizations]
    privacy: Section[PrivacySummary]
    activity: Section[Activity] = Field(description="The newest entries.")


class PrivacyNotice(Notice):
    contacts: tuple[ContactPoint, ...] | None = Field(
        description="Whom to ask about data; null while organizations does not answer."
    )


class Held(Answer):
    """What the portal itself holds of the person; null where no data use is about it, or its service is late."""

    profile: Profile | None = None
    devices: dict[str, int] | None = Field(default=None, description="How many, by the organization whose they are.")
    methods: int | None = Field(default=None, description="Of security info, which is one for all organizations.")


class Privacy(Answer):
    notices: tuple[PrivacyNotice, ...] = Field(description="The home organization's first, the others by name.")
    terms: tuple[Terms, ...] = Field(description="Those to accept first.")
    services: tuple[ConnectedService, ...] = Field(description="The last used first.")
    data_uses: tuple[DataUse, ...] = Field(description="By organization, as in notices.")
    held: Held


class SessionOfPerson(Answer):
    """A browser in which the person is signed in."""

    id: str
    client: Client
    started_at: datetime
    seen_at: datetime = Field(description="To within five minutes.")
    expires_at: datetime
    current: bool = Field(description="Whether it is the one that asks.")


class Sessions(Answer):
    sessions: tuple[SessionOfPerson, ...] = Field(description="The current one first, then the last seen.")


class SignedOutEverywhere(Answer):
    continue_at: str = Field(description="Where a browser goes to be signed out of the identity provider, too.")


@dataclass(eq=False, kw_only=True)
class SessionNotFound(Problem):
    key: ClassVar[str] = "session_not_found"
    status: ClassVar[int] = 404


class SessionStarted(Event):
    """A person signed in to the portal."""

    wire: ClassVar[str] = "profile.gateway.session.started.v1"
    session_id: str


class SessionEnded(Event):
    """A person's session in the portal is over."""

    wire: ClassVar[str] = "profile.gateway.session.ended.v1"
    session_id: str
    reason: str = Field(
        examples=["signed_out"],
        description=(
            "`signed_out`, `replaced` by a sign-in in the same browser, `ended_elsewhere` from another session, "
            "`signed_out_everywhere`, `ended_by_provider`, `account_disabled`."
        ),
    )


class SessionsRevoked(Event):
    """A person signed out everywhere: whatever was begun for the account up to then is to be ended."""

    wire: ClassVar[str] = "profile.gateway.sessions.revoked.v1"
    tells_person: ClassVar[bool] = True
    until: datetime = Field(description="Sessions and tokens from before this moment count no more.")


GET_OVERVIEW = Endpoint(
    name="getOverview",
    summary="Read everything at a glance; a service that is late costs its section, never the answer",
    method="GET",
    path="/overview",
    response=Overview,
)
GET_PRIVACY = Endpoint(
    name="getPrivacy",
    summary="Read what is known about one, who uses it, what one agreed to, and whom to ask",
    method="GET",
    path="/privacy",
    response=Privacy,
)
GET_SESSIONS = Endpoint(
    name="getSessions",
    summary="List the browsers in which one is signed in",
    method="GET",
    path="/sessions",
    response=Sessions,
)
END_SESSION = Endpoint(
    name="endSession",
    summary="Sign out of one browser",
    method="DELETE",
    path="/sessions/{session_id}",
    status=204,
    problems=(SessionNotFound,),
)
SIGN_OUT_EVERYWHERE = Endpoint(
    name="signOutEverywhere",
    summary="End every session and refuse every access token that was issued up to now",
    method="POST",
    path="/sessions/revoke",
    response=SignedOutEverywhere,
    fresh=True,
)

ENDPOINTS = (GET_OVERVIEW, GET_PRIVACY, GET_SESSIONS, END_SESSION, SIGN_OUT_EVERYWHERE)
EVENTS = (SessionStarted, SessionEnded, SessionsRevoked)
