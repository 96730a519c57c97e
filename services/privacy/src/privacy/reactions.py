"""The side door: what privacy does with news."""

from privacy.activity import Activity
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event


class Reactions:
    """React to what happens to accounts."""

    def __init__(self, activity: Activity) -> None:
        self._activity = activity

    async def remember(self, _event: Event, envelope: Envelope) -> None:
        """Enter the event in the account's history."""
        await self._activity.remember(envelope)
