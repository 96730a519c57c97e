"""The door: one short method per endpoint."""

from collections.abc import Callable, Mapping
from functools import partial

from organizations import account as accounts
from organizations import membership as memberships
from organizations import organization as organizations
from organizations import views
from organizations.account import Account
from organizations.organization import Organization
from organizations.pictures import Pictures
from organizations.portrait import normalised
from organizations.telling import with_notices
from shared.asking import Call
from shared.contracts import organizations as contract
from shared.contracts.pictures import Picture, PictureNotFound, PutPicture
from shared.contracts.problem import OrganizationNotYours
from shared.deciding import Decision, Rule
from shared.noticing import Manner
from shared.storing import Store


class Handlers:
    """Answer for the account that calls, and to the systems that put organizations and accounts in."""

    def __init__(
        self,
        accounts: Store[Account],
        organizations: Store[Organization | None],
        pictures: Pictures,
        manner: Manner,
    ) -> None:
        self._manner = manner
        self._accounts = accounts
        self._organizations = organizations
        self._pictures = pictures

    async def get_organizations(self, call: Call) -> contract.Organizations:
        """List the organizations, with the person's profile."""
        account = await self._accounts.read(call.account)
        return views.organizations(call.account, account, known=await self._known(account))

    async def get_picture(self, call: Call) -> Picture:
        """Show the person's picture."""
        account = await self._accounts.read(call.account)
        content = await self._pictures.read(account.picture.id) if account.picture else None
        if account.picture is None or content is None:
            raise PictureNotFound
        return views.picture(account.picture, content)

    async def leave_organization(self, call: Call) -> None:
        """Leave an organization."""
        organization = await self._organization(call.path["organization_id"])
        leaving = partial(memberships.leave, may_leave=organization.leaving.allowed)
        rule = self._about(call, organization, leaving)
        if call.conditional:
            known = await self._known(await self._accounts.read(call.account))
            rule = call.guarding(rule, partial(views.organizations, call.account, known=known))
        await self._change(call, rule)

    async def note_claims(self, call: Call, wish: contract.SignInClaims) -> None:
        """Remember what a sign-in told."""
        spoken = call.principal.language
        await self._change(call, partial(accounts.note_claims, name=wish.name, email=wish.email, language=spoken))

    async def put_organization(self, call: Call, wish: contract.PutOrganization) -> contract.OrganizationRecord:
        """Put an organization in."""
        organization_id = _bound(call)
        rule = partial(organizations.put, organization_id=organization_id, wish=wish)
        outcome = await self._organizations.change(organization_id, rule, command=call.command)
        if outcome.state is None:
            raise contract.OrganizationNotFound
        return views.record(organization_id, outcome.state)

    async def put_account(self, call: Call, wish: contract.PutAccount) -> contract.AccountRecord:
        """Put an account in."""
        if not call.system.speaks_for(wish.home_organization):
            raise OrganizationNotYours
        name = (await self._organization(wish.home_organization)).name
        rule = partial(accounts.put, wish=wish, organization_name=name, speaks_for=call.system.speaks_for)
        account = await self._change(call, rule)
        if not call.system.speaks_for(account.home or ""):  # told again, when it has moved on meanwhile
            raise OrganizationNotYours
        return views.account_record(call.account, account, call.system.speaks_for)

    async def put_picture(self, call: Call, wish: PutPicture) -> None:
        """Put a person's picture in; what a system may not change costs no decoding."""
        accounts.refuse_strangers(await self._accounts.read(call.account), call.system.speaks_for)
        content = await normalised(wish.content)
        await self._show(call, await self._pictures.add(call.account, content))

    async def remove_picture(self, call: Call) -> None:
        """Take a person's picture away."""
        await self._show(call, None)

    async def start_membership(self, call: Call, wish: contract.PutMembership) -> None:
        """Make an account a member of an organization."""
        known = await self._organization(_bound(call))
        await self._change(call, self._about(call, known, partial(memberships.start, wish=wish)))

    async def end_membership(self, call: Call) -> None:
        """End a membership."""
        known = await self._organization(_bound(call))
        await self._change(call, self._about(call, known, memberships.end))

    async def restore_membership(self, call: Call) -> None:
        """Let a membership that ended go on."""
        known = await self._organization(_bound(call))
        await self._change(call, self._about(call, known, memberships.restore))

    async def _show(self, call: Call, picture: accounts.Picture | None) -> None:
        """Show a picture that lies there already, then let go of those that are not shown any more."""
        rule = partial(accounts.show_picture, picture=picture, speaks_for=call.system.speaks_for)
        outcome = await self._accounts.change(call.account, rule, command=call.command)
        unused = {outcome.answer.get("replaced"), picture.id if picture else None}
        await self._pictures.tidy(call.account, shown=outcome.state.picture, unused=unused)

    async def _known(self, account: Account) -> Mapping[str, Organization | None]:
        return await self._organizations.read_many(list(account.memberships))

    def _about(self, call: Call, organization: Organization, rule: Callable[..., Decision[Account]]) -> Rule[Account]:
        """Give *rule* about the organization of the path, whose name goes out with the news."""
        return partial(rule, organization_id=call.path["organization_id"], organization_name=organization.name)

    async def _organization(self, organization_id: str) -> Organization:
        known = await self._organizations.read(organization_id)
        if known is None:
            raise contract.OrganizationNotFound
        return known

    async def _change(self, call: Call, rule: Rule[Account]) -> Account:
        told = with_notices(rule, call.command.actor, self._manner)
        return (await self._accounts.change(call.account, told, command=call.command)).state


def _bound(call: Call) -> str:
    """Name the organization of the path, for a system that is bound to it."""
    organization_id = call.path["organization_id"]
    if not call.system.speaks_for(organization_id):
        raise OrganizationNotYours
    return organization_id
