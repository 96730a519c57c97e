"""What organizations is told by its environment."""

from shared.settings import ProvedSettings


class Settings(ProvedSettings):
    port: int = 8084
    database: str = "organizations"
