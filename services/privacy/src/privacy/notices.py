"""What a person's organizations declare about data, as news told it: our own copy of memberships and statements."""

from shared.connecting import Collection
from shared.contracts.envelope import Envelope
from shared.contracts.organizations import OrganizationChanged
from shared.contracts.privacy import Notice, Notices
from shared.copying import Copies

_DECLARED = "declared"
_MOST = 200


class NoticeBoard:
    """Keep which notices an account is shown, and what each organization declares."""

    def __init__(self, memberships: Collection, organizations: Collection) -> None:
        self._memberships = Copies(memberships)
        self._organizations = Copies(organizations)

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._memberships.prepare()
        await self._organizations.prepare()

    async def declare(self, event: OrganizationChanged, envelope: Envelope) -> None:
        """Keep what an organization declares."""
        facts = {"name": event.name, "statement": event.privacy_statement}
        await self._organizations.take(event.organization_id, _DECLARED, envelope, facts)

    async def show(self, account: str, organization_id: str, envelope: Envelope, *, home: bool) -> None:
        """Show an account the notice of an organization."""
        await self._memberships.take(account, organization_id, envelope, {"home": home})

    async def drop(self, account: str, organization_id: str, envelope: Envelope) -> None:
        """Show it no more."""
        await self._memberships.take(account, organization_id, envelope, None)

    async def of(self, account: str) -> Notices:
        """Give what an account is shown; an organization that has told nothing yet goes by its id."""
        memberships = await self._memberships.of(account, _MOST)
        declared = await self._organizations.named(_DECLARED, list(memberships))
        notices = [
            Notice(
                organization_id=id_,
                organization_name=declared.get(id_, {}).get("name", id_),
                home=membership["home"],
                statement=declared.get(id_, {}).get("statement"),
            )
            for id_, membership in memberships.items()
        ]
        by_name = sorted(notices, key=lambda one: (not one.home, one.organization_name.casefold(), one.organization_id))
        return Notices(notices=tuple(by_name))
