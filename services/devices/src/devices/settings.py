"""What devices is told by its environment."""

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    port: int = 8083
    database: str = "devices"
