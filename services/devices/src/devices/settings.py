"""What devices is told by its environment."""

from pydantic import Field

from devices.model import CEILING, DEFAULT_LIMIT
from shared.settings import ProvedSettings


class Settings(ProvedSettings):
    port: int = 8083
    database: str = "devices"
    devices_per_account: int = Field(
        default=DEFAULT_LIMIT, gt=0, le=CEILING, description="How many devices one account may have."
    )
