"""What security-info is told by its environment."""

from pydantic import Field

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    port: int = 8082
    database: str = "security_info"
    issuer: str = Field(
        default="My Profile", max_length=60, description="How an authenticator app names the organization."
    )
