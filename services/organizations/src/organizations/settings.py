"""What organizations is told by its environment."""

from shared.settings import SendingSettings


class Settings(SendingSettings):
    port: int = 8084
    database: str = "organizations"
