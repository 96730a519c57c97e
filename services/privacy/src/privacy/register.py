"""What an organization told privacy is one document: services, data uses, heads of terms, and its rules."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.contracts.privacy import USUAL_HISTORY

MOST_SERVICES = 200
MOST_DATA_USES = 200
MOST_TERMS = 20
MOST_VERSIONS = 100
"""Of one kind of terms."""


class Service(BaseModel):
    """A service to which accounts of the organization may be connected."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

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
    """A published version of terms; its texts lie in a collection of their own."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    version: str
    material: bool
    published_at: datetime
    titles: dict[str, str]
    digests: dict[str, str]


class Terms(BaseModel):
    """Terms by their versions, the newest last."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    versions: tuple[Version, ...]
    withdrawn_at: datetime | None = None


class Register(BaseModel):
    """All that one organization told."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    services: dict[str, Service] = {}
    data_uses: dict[str, DataUse] = {}
    terms: dict[str, Terms] = {}
    history_days: int = USUAL_HISTORY
    language: str | None = None
    to_spread: bool = False
