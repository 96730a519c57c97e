"""What privacy is told by its environment."""

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    port: int = 8085
    database: str = "privacy"
