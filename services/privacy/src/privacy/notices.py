"""What organizations are called and declare about data, as news told it: our own copy."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.connecting import Collection
from shared.contracts.envelope import Envelope
from shared.contracts.organizations import OrganizationChanged
from shared.copying import Copies

_DECLARED = "declared"


class Declarations:
    """Keep what each organization declares."""

    def __init__(self, organizations: Collection) -> None:
        self._organizations = Copies(organizations)

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._organizations.prepare()

    async def declare(self, event: OrganizationChanged, envelope: Envelope) -> None:
        """Keep what an organization declares."""
        facts = {"name": event.name, "statement": event.privacy_statement}
        await self._organizations.take(event.organization_id, _DECLARED, envelope, facts)

    async def of(self, organizations: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Give name and statement of those of *organizations* that have told something."""
        return await self._organizations.named(_DECLARED, organizations)
