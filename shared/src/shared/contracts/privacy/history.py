"""The history of an account: everything that happened to it, and its sign-ins elsewhere."""

from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, StringConstraints

from shared.contracts.envelope import Client
from shared.contracts.lines import Line
from shared.contracts.wording import Answer, Identifier, Moment, Request, Search, StraightText

Part = Literal["sign_ins", "security_info", "devices", "organizations", "privacy", "sessions"]
"""What an entry is about."""
PARTS: tuple[str, ...] = get_args(Part)
Who = Literal["you", "administrator", "system", "unknown"]
Result = Literal["succeeded", "not_succeeded"]
"""What came of a sign-in."""
Status = Literal["success", "failure", "interrupted"]
Failure = Literal["first_factor", "second_factor", "blocked", "other"]
SIGN_IN = "sign-in"
"""The type of an entry that is no event of ours: a sign-in, as the identity provider tells of it."""
_LONGEST_ADDRESS = 45
"""INET6_ADDRSTRLEN (POSIX), but for the zero at its end."""


def _address(text: object) -> object:
    """Refuse what is no address of a network by itself: a scope (RFC 4007) means nothing but to the host it is of."""
    if not isinstance(text, str) or len(text) > _LONGEST_ADDRESS or "%" in text:
        raise ValueError("ip_address")
    try:
        return ip_address(text)
    except ValueError:
        raise ValueError("ip_address") from None


IpAddress = Annotated[
    IPv4Address | IPv6Address, BeforeValidator(_address), Field(json_schema_extra={"maxLength": _LONGEST_ADDRESS})
]
"""An address of a network, without a scope: at most 45 characters."""


class ActivityQuery(Request):
    """Which part of the history: entries older than *before*, at most *limit*, matching all that is given."""

    before: str | None = Field(
        default=None, max_length=160, description="`next` of the page before; without it, the newest entries."
    )
    limit: int = Field(default=25, ge=1, le=100)
    q: Search | None = Field(
        default=None,
        description=(
            "Words that must all stand in what an entry shows, in any language of the portal: its sentence, browser, "
            "operating system, place, IP address, organization. Neither case nor diacritics count."
        ),
    )
    part: Part | None = Field(default=None, description="What it is about.")
    by: Who | None = Field(default=None, description="Who did it; of sign-ins it is `unknown`.")
    result: Result | None = Field(default=None, description="What came of it; only sign-ins have a result.")
    since: Moment | None = Field(default=None, description="Not before this moment.")
    until: Moment | None = Field(default=None, description="Before this moment.")


class ActivityEntry(Answer):
    """Something that happened; readers meet newer types, parts and actors than they know."""

    id: str
    type: str = Field(description="The wire name of the event, or `sign-in`.")
    part: str
    at: datetime
    by: str = Field(examples=["you"], description="`you`, `administrator`, `system`, `unknown`.")
    client: Client
    facts: dict[str, Any] = Field(
        description=(
            "The event's data, as in the AsyncAPI document; of a sign-in `status`, `reason`, `application`, `ip`, "
            "`organization_id` and `organization_name`, as it was called then."
        )
    )


class Activity(Answer):
    entries: tuple[ActivityEntry, ...]
    next: str | None = Field(description="Give it as `before` to go on; null at the end.")
    searched_until: datetime | None = Field(
        default=None,
        description=(
            "Where more entries were to be looked through than one request may: those before this moment were not, "
            "and `next` goes on with them, however few were found."
        ),
    )


class SignInLine(Line):
    """One sign-in (NDJSON line) as the identity provider's log has it; the same *id* again changes nothing."""

    account: str = Field(min_length=1, max_length=255)
    organization_id: Identifier = Field(description="Whose identity provider it was.")
    id: Identifier
    at: Moment
    status: Status
    reason: Failure | None = Field(default=None, description="Why it did not succeed.")
    application: StraightText | None = None
    browser: StraightText | None = None
    os: StraightText | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = Field(
        default=None, description="ISO 3166-1 alpha-2."
    )
    city: StraightText | None = None
    ip: IpAddress | None = None

    @property
    def done(self) -> int:
        """Give 204: there is nothing to tell."""
        return 204
