"""What privacy keeps of one account is one document: memberships as news told them, services, acceptances, choices."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

NEVER = ""
"""Sorts before the sequence of any news."""
MOST_CONNECTIONS = 200
"""Services to which one organization may connect one account."""
MOST_CONNECTIONS_IN_ALL = 1_000
MOST_ACCEPTED = 2_000
"""Acceptances of an account, one for each version: with the connections they lie in one document of 16 MiB."""


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
    """A service to which the account is connected.

    *entry* is the service as it was put in that time; *under* the sequence of the membership as it was then.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    entry: str
    name: str
    under: str
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


class Lock(BaseModel):
    """Our copy of an organization's rule on the language, which only its *revision* makes newer than another."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    organization_id: str | None = None
    revision: int = 0
    language: str | None = None


class Preferences(BaseModel):
    """What the person chose, what the home organization locks, and how often what holds has changed."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    language: str | None = None
    region: str | None = None
    time_zone: str | None = None
    lock: Lock = Lock()
    revision: int = 0


class Account(BaseModel):
    """An account; services and acceptances are kept by organization and id, acceptances oldest first.

    *entries* repeats the services' entries, so that an index finds who is connected to one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    memberships: dict[str, Membership] = {}
    home: Home = Home()
    services: dict[str, dict[str, Connection]] = {}
    entries: tuple[str, ...] = ()
    accepted: dict[str, dict[str, tuple[Accepted, ...]]] = {}
    preferences: Preferences = Preferences()

    def organizations(self) -> tuple[str, ...]:
        """Name the organizations to which the account belongs, the home organization first."""
        members = (id_ for id_, one in self.memberships.items() if one.member)
        return tuple(sorted(members, key=lambda id_: (id_ != self.home.organization_id, id_)))

    def belongs_to(self, organization_id: str) -> bool:
        """Tell whether the account is a member, as far as news told."""
        known = self.memberships.get(organization_id)
        return known is not None and known.member

    def connections(self, organization_id: str) -> Mapping[str, Connection]:
        """Give the account's connections to services of an organization, by the services' ids."""
        return self.services.get(organization_id, {})

    def acceptances(self, organization_id: str, terms_id: str) -> tuple[Accepted, ...]:
        """Give what was accepted of these terms, oldest first."""
        return self.accepted.get(organization_id, {}).get(terms_id, ())

    @property
    def number_of_acceptances(self) -> int:
        """Count what was accepted, of all organizations."""
        return sum(len(kept) for of in self.accepted.values() for kept in of.values())

    def with_membership(self, organization_id: str, membership: Membership) -> "Account":
        """Give the state with one membership noted."""
        return self.model_copy(update={"memberships": {**self.memberships, organization_id: membership}})

    def with_connections(self, organization_id: str, connections: Mapping[str, Connection]) -> "Account":
        """Give the state with other connections to services of an organization."""
        services = {id_: kept for id_, kept in self.services.items() if id_ != organization_id}
        if connections:
            services[organization_id] = dict(connections)
        entries = sorted(one.entry for of in services.values() for one in of.values())
        return self.model_copy(update={"services": services, "entries": tuple(entries)})

    def with_accepted(self, organization_id: str, terms_id: str, accepted: Accepted) -> "Account":
        """Give the state with one acceptance more."""
        everything = (*self.acceptances(organization_id, terms_id), accepted)
        of = {**self.accepted.get(organization_id, {}), terms_id: everything}
        return self.model_copy(update={"accepted": {**self.accepted, organization_id: of}})
