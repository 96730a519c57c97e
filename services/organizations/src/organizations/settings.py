"""What organizations is told by its environment."""

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    port: int = 8084
    database: str = "organizations"
