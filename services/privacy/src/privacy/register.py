"""What an organization told privacy is one document: services, data uses, heads of terms, and its rules."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.contracts.privacy import USUAL_HISTORY

USES = ("data_uses",)
"""What of a register may be longest by far: 5 MB where it is full."""
ALL_BUT_SERVICES = ("removed", *USES, "terms")
ALL_BUT_TERMS = ("services", "removed", *USES)
ALL_BUT_RULES = (*ALL_BUT_TERMS, "terms")
"""What need not be read where only one thing is asked about."""
MOST_SERVICES = 200
MOST_DATA_USES = 100
"""Each may be as long as a body: twice as many would not be sure to fit in a document."""
MOST_TERMS = 20
"""Withdrawn ones are among them: what was accepted must be readable."""
MOST_VERSIONS = 100
"""Of one kind of terms."""


class Service(BaseModel):
    """A service to which accounts of the organization may be connected.

    *entry* tells it from one of the same id that was taken out before it was put in.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    entry: str
    name: str
    publisher: str | None = None
    page: str | None = None
    privacy_statement: str | None = None
    sees: tuple[str, ...] = ()
    may_disconnect: bool = False


class DataUse(BaseModel):
    """One use of one category of data; sentences by language, the first for who reads none of them."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    category: str
    purpose: str
    legal_basis: str
    source: str
    retention: dict[str, str]
    recipients: dict[str, str] | None = None
    remark: dict[str, str] | None = None
    held: str | None = None


class Version(BaseModel):
    """A version of terms, of which only the current one has its titles and digests by language here.

    All texts lie in a collection of their own; *source* is the digest of what they were made of. A *reserved* version
    has its place, and nobody is shown it yet.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    version: str
    material: bool
    source: str
    reserved: bool = False
    published_at: datetime
    titles: dict[str, str] = {}
    digests: dict[str, str] = {}


class Terms(BaseModel):
    """Terms by their versions, in the order in which they were begun."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    versions: tuple[Version, ...]
    withdrawn_at: datetime | None = None

    @property
    def current(self) -> Version:
        """Give the newest version."""
        return self.versions[-1]

    def version(self, name: str) -> Version | None:
        """Give the version of this name."""
        return next((one for one in self.versions if one.version == name), None)


class Register(BaseModel):
    """All that one organization told.

    *removed* has when each entry of a service was taken out to which accounts may still be connected; *removing* tells
    an index that there are some.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    services: dict[str, Service] = {}
    removed: dict[str, datetime] = {}
    removing: bool = False
    data_uses: dict[str, DataUse] = {}
    terms: dict[str, Terms] = {}
    history_days: int = USUAL_HISTORY
    language: str | None = None
    language_revision: int = 0
    to_spread: bool = False

    @property
    def published(self) -> dict[str, Terms]:
        """Give the terms that there is anything to show of, without versions that are only reserved."""
        shown = {id_: tuple(one for one in known.versions if not one.reserved) for id_, known in self.terms.items()}
        return {id_: self.terms[id_].model_copy(update={"versions": own}) for id_, own in shown.items() if own}

    def with_removed(self, removed: dict[str, datetime]) -> "Register":
        """Give the state with other entries that were taken out."""
        return self.model_copy(update={"removed": removed, "removing": bool(removed)})
