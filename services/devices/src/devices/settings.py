"""What devices is told by its environment."""

from shared.settings import ProvedSettings


class Settings(ProvedSettings):
    port: int = 8083
    database: str = "devices"
