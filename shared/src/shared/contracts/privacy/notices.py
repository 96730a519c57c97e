"""What one's organizations declare about data."""

from datetime import datetime

from pydantic import Field

from shared.contracts.privacy.data_use import DataUse
from shared.contracts.privacy.history import Activity
from shared.contracts.privacy.services import ConnectedService
from shared.contracts.privacy.terms import Terms
from shared.contracts.wording import Answer


class Notice(Answer):
    """An organization's privacy notice."""

    organization_id: str
    organization_name: str
    home: bool
    statement: str | None = Field(description="The address of its privacy statement; null where it gave none.")


class Notices(Answer):
    notices: tuple[Notice, ...] = Field(description="The home organization's first, the others by name.")


class PrivacyParts(Notices):
    """All that privacy knows to show on one page."""

    terms: tuple[Terms, ...] = Field(description="Those to accept first.")
    services: tuple[ConnectedService, ...] = Field(description="The last used first.")
    data_uses: tuple[DataUse, ...] = Field(description="By organization, as in notices.")


class Glance(Answer):
    """What the overview shows of privacy, in one answer."""

    notices: Notices
    terms_to_accept: int = 0
    services: int = 0
    activity: Activity = Field(description="The newest entries.")
    second_step_failed_at: datetime | None = Field(
        default=None, description="Of the newest sign-in that had the right password and not the second step."
    )
