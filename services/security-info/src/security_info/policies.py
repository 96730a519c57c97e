"""Our own copy of every organization's policy, as news told it, kept in the process as well."""

import asyncio
import time
from collections.abc import Iterable, Mapping

from security_info.policy import DEFAULT, NOBODY, Policy, Told, understood
from shared.connecting import Collection
from shared.contracts.envelope import Envelope
from shared.contracts.organizations import OrganizationChanged
from shared.contracts.security_policy import SecurityPolicy
from shared.copying import Copies

KEPT_SECONDS = 30.0
"""For how long a policy that another replica heard of may go unnoticed here."""
MOST = 10_000
"""Organizations that one portal has; each policy is a few kilobytes."""
_POLICY = "policy"


class PolicyBook:
    """Give the policy that holds for the members of some organizations, without asking the database each time.

    An organization that nothing was heard of, or that says nothing, has the portal's *default*.
    """

    def __init__(
        self,
        collection: Collection,
        *,
        default: SecurityPolicy = DEFAULT,
        unavailable: frozenset[str] = frozenset(),
    ) -> None:
        self._copies = Copies(collection)
        self._default = default
        self._unavailable = unavailable
        self._told: Mapping[str, Told] = {}
        self._read_at: float | None = None
        self._taken = self._read_with = 0
        self._reading = asyncio.Lock()

    async def prepare(self) -> None:
        """Make the index."""
        await self._copies.prepare()

    async def take(self, event: OrganizationChanged, envelope: Envelope) -> None:
        """Keep what an organization is called and asks for."""
        facts = {"name": event.name, "policy": event.security_policy}
        await self._copies.take(_POLICY, event.organization_id, envelope, facts)
        self._taken += 1

    async def refresh(self) -> None:
        """Read the policies where that was longer ago than `KEPT_SECONDS`, or news came since; raises `Unavailable`."""
        if self._fresh():
            return
        async with self._reading:
            if self._fresh():
                return
            began, taken = time.monotonic(), self._taken
            found = await self._copies.of(_POLICY, MOST)
            self._told = {
                id_: Told(id_, facts["name"], understood(facts["policy"], otherwise=self._default))
                for id_, facts in found.items()
            }
            self._read_at, self._read_with = began, taken

    def of(self, organizations: Iterable[str]) -> Policy:
        """Give the policy for the members of these *organizations*."""
        told = tuple(
            self._told.get(id_) or Told(organization_id=id_, name=id_, policy=self._default) for id_ in organizations
        )
        nobody = Told(organization_id=NOBODY, name="", policy=self._default)
        return Policy(told=told or (nobody,), default=self._default, unavailable=self._unavailable)

    def name_of(self, organization_id: str | None) -> str | None:
        """Tell what an organization is called, where it was heard of."""
        told = self._told.get(organization_id or "")
        return told.name if told else None

    def _fresh(self) -> bool:
        young = self._read_at is not None and time.monotonic() - self._read_at < KEPT_SECONDS
        return young and self._read_with == self._taken
