"""What every process is told by its environment; a process refuses to start half-configured."""

import sys
from datetime import timedelta
from typing import Annotated, Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from joserfc.jwk import KeySet
from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import from_json
from pydantic_settings import BaseSettings, SettingsConfigDict
from yarl import URL

from shared.connecting import Driver
from shared.contracts.wording import Email
from shared.noticing import Manner

Configured = TypeVar("Configured", bound=BaseSettings)


def _local_master_key(value: SecretStr) -> SecretStr:
    if len(bytes.fromhex(value.get_secret_value())) != 96:  # noqa: PLR2004  # fixed by the driver's specification
        raise ValueError("192 hexadecimal digits are needed (96 bytes)")
    return value


class ProcessSettings(BaseSettings):
    """What a process that owns data is told."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    host: str = "127.0.0.1"
    port: int = Field(ge=0, le=65535, description="0 takes a free one.")
    mongo_url: SecretStr
    mongo_driver: Driver = "pymongo"
    database: str
    amqp_url: SecretStr
    one_broker_user: bool = Field(
        default=False,
        description="For laptops: all sign in to the broker as one user, so nobody can tell who published.",
    )
    kms: Literal["local", "aws", "azure"] = "local"
    local_master_key: Annotated[SecretStr, AfterValidator(_local_master_key)] | None = Field(
        default=None, validate_default=True, description="Seals the accounts' data keys: 96 bytes in hexadecimal."
    )
    kms_credentials: SecretStr = Field(
        default=SecretStr("{}"), description="JSON, as the driver's `kms_providers` takes it."
    )
    kms_master_key: dict[str, str] | None = Field(
        default=None, description="Which master key in AWS or Azure, as the driver's `master_key` takes it."
    )
    allow_old_mongodb: bool = Field(default=False, description="For laptops and tests only.")
    drain_seconds: float = 10.0
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("local_master_key")
    @classmethod
    def _needed(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("kms") == "local":
            raise ValueError("needed while KMS is local")
        return value


class ServiceSettings(ProcessSettings):
    """What a service is told: besides its data, whose tokens it takes."""

    gateway_keys: str = Field(description="The gateway's public keys: a JSON Web Key Set (RFC 7517).")

    def key_set(self) -> KeySet:
        """Give the gateway's public keys, parsed."""
        return KeySet.import_key_set(from_json(self.gateway_keys))


class ProvedSettings(ServiceSettings):
    """What a service is told some of whose endpoints need a recent proof: by whom proofs are signed."""

    proof_keys: str = Field(description="The public keys of security-info: a JSON Web Key Set (RFC 7517).")

    def proof_key_set(self) -> KeySet:
        """Give the public keys of security-info, parsed."""
        return KeySet.import_key_set(from_json(self.proof_keys))


_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_MAIL_SECURITY = {"smtps": "tls", "smtp+starttls": "starttls", "smtp": "none"}
_SHORTEST_SECRET = 32


def _mail_server(value: SecretStr) -> SecretStr:
    url = URL(value.get_secret_value())
    if url.scheme not in _MAIL_SECURITY or not url.host:
        raise ValueError("smtps://, smtp+starttls:// or smtp:// and a host are needed")
    if url.scheme == "smtp" and url.host not in _THIS_MACHINE:
        raise ValueError("only on this very machine may letters travel unencrypted")
    return value


def _https(value: str) -> str:
    url = URL(value)
    if not url.host or (url.scheme != "https" and not (url.scheme == "http" and url.host in _THIS_MACHINE)):
        raise ValueError("an https address is needed, except on this very machine")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("a time zone such as Europe/Stockholm is needed") from error
    return value


class SendingSettings(ProvedSettings):
    """What a service is told that writes to people; a channel that nothing is told of is not there."""

    smtp_url: Annotated[SecretStr, AfterValidator(_mail_server)] | None = Field(
        default=None,
        description="The mail server: smtps://user:password@host:465 or smtp+starttls://user:password@host:587.",
    )
    mail_from: Email | None = Field(default=None, description="The address that letters come from.")
    webhook_url: Annotated[str, AfterValidator(_https)] | None = Field(
        default=None, description="Where texts and calls are posted to."
    )
    webhook_secret: SecretStr | None = Field(
        default=None, min_length=_SHORTEST_SECRET, description="Signs what is posted there (HMAC-SHA256)."
    )
    portal_url: Annotated[str, AfterValidator(_https)] = Field(description="Where people find the portal.")
    brand_name: str = Field(default="My Profile", max_length=60, description="What the portal is called.")
    brand_accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = Field(
        default=None, description="The organization's colour, such as #0b6e4f."
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC", description="In which time zone letters tell the time."
    )
    default_language: Literal["en", "sv"] = Field(
        default="en", description="The language of letters to people whose own is not known yet."
    )

    notice_delay_seconds: float = Field(
        default=30, ge=0, le=300, description="For how long a notice waits for what follows, to tell it in one letter."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.smtp_url is None) != (self.mail_from is None):
            raise ValueError("SMTP_URL and MAIL_FROM go together")
        if (self.webhook_url is None) != (self.webhook_secret is None):
            raise ValueError("WEBHOOK_URL and WEBHOOK_SECRET go together")
        return self

    def manner(self) -> Manner:
        """Give how people are told of what happens to their accounts."""
        return Manner(language=self.default_language, gather=timedelta(seconds=self.notice_delay_seconds))

    def mail_server(self) -> dict[str, Any] | None:
        """Give what a carrier of mail is told of its server."""
        if self.smtp_url is None:
            return None
        url = URL(self.smtp_url.get_secret_value())
        security = _MAIL_SECURITY[url.scheme]
        ports = {"tls": 465, "starttls": 587, "none": 25}
        return {
            "host": url.host,
            "port": url.explicit_port or ports[security],
            "security": security,
            "user": url.user,
            "password": url.password,
        }


def configured(kind: type[Configured], **given: Any) -> Configured:
    """Read the settings from the environment, or end the process naming each that is missing or wrong."""
    try:
        return kind(**given)
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"{name}: {problem['msg']}\n" if name else f"{problem['msg']}\n")
        raise SystemExit(2) from None
