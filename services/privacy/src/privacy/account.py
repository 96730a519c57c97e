"""What privacy keeps of one account is one document: memberships as news told them, services, acceptances, choices."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

NEVER = ""
"""Sorts before the sequence of any news."""


class Membership(BaseModel):
    """Our copy of a membership: what the newest news said."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    sequence: str
    member: bool


class Home(BaseModel):
    """Our copy of which organization is the home organization."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    organization_id: str | None = None
    sequence: str = NEVER


class Connection(BaseModel):
    """A service to which the account is connected."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    since: datetime
    last_used_at: datetime | None = None


class Accepted(BaseModel):
    """The proof of one acceptance: which text, in which language, when, and in which session."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    version: str
    language: str
    digest: str
    at: datetime
    session: str | None = None


class Preferences(BaseModel):
    """What the person chose, and what the home organization locks."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    language: str | None = None
    region: str | None = None
    time_zone: str | None = None
    locked_language: str | None = None


class Account(BaseModel):
    """An account; services and acceptances are kept by organization and id, acceptances oldest first."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    memberships: dict[str, Membership] = {}
    home: Home = Home()
    services: dict[str, dict[str, Connection]] = {}
    accepted: dict[str, dict[str, tuple[Accepted, ...]]] = {}
    preferences: Preferences = Preferences()

    def organizations(self) -> tuple[str, ...]:
        """Name the organizations to which the account belongs, the home organization first."""
        members = (id_ for id_, one in self.memberships.items() if one.member)
        return tuple(sorted(members, key=lambda id_: (id_ != self.home.organization_id, id_)))
