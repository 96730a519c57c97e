"""What every process is told by its environment; a process refuses to start half-configured."""

import sys
from typing import Annotated, Any, Literal, TypeVar

from joserfc.jwk import KeySet
from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import from_json
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.connecting import Driver

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


def configured(kind: type[Configured], **given: Any) -> Configured:
    """Read the settings from the environment, or end the process naming each that is missing or wrong."""
    try:
        return kind(**given)
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"{name}: {problem['msg']}\n")
        raise SystemExit(2) from None
