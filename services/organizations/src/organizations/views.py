"""State → what is shown of it."""

from collections.abc import Callable, Mapping

from organizations import account as accounts
from organizations.account import Account, Profile
from organizations.organization import Organization
from shared.contracts import organizations as contract
from shared.contracts.pictures import MEDIA_TYPE, Picture


def organizations(
    account_id: str, account: Account, known: Mapping[str, Organization | None]
) -> contract.Organizations:
    """Show who the person is and where they belong: the home organization first, the others by name."""
    shown = [_organization(account, id_, known.get(id_)) for id_ in account.memberships]
    return contract.Organizations(
        profile=profile(account_id, account),
        organizations=tuple(sorted(shown, key=lambda one: (not one.home, one.name.casefold(), one.id))),
    )


def profile(account_id: str, account: Account) -> contract.Profile:
    """Show what is known of the person."""
    return _profile(account_id, account, account.profile)


def _profile(account_id: str, account: Account, known: Profile) -> contract.Profile:
    return contract.Profile(
        account=account_id,
        name=known.name,
        title=known.title,
        email=known.email,
        office=known.office,
        picture=account.picture.digest if account.picture else None,
    )


def picture(shown: accounts.Picture, content: bytes) -> Picture:
    """Show the person's picture."""
    return Picture(digest=shown.digest, media_type=MEDIA_TYPE, content=content)


def record(organization_id: str, organization: Organization) -> contract.OrganizationRecord:
    """Show an organization to the system that put it in."""
    return contract.OrganizationRecord(
        id=organization_id,
        name=organization.name,
        contacts=_contacts(organization),
        privacy_statement=organization.privacy_statement,
        security_policy=organization.security_policy,
        leaving=contract.Leaving(allowed=organization.leaving.allowed, ask=organization.leaving.ask),
    )


def account_record(account_id: str, account: Account, speaks_for: Callable[[str], bool]) -> contract.AccountRecord:
    """Show an account to a system: what a directory put in, and the organizations that are this system's own."""
    return contract.AccountRecord(
        account=account_id,
        home_organization=account.home or "",
        profile=_profile(account_id, account, account.directory),
        disabled=account.disabled_at is not None,
        organizations=tuple(sorted(filter(speaks_for, account.memberships))),
    )


def _organization(account: Account, id_: str, organization: Organization | None) -> contract.Organization:
    home, membership = id_ == account.home, account.memberships[id_]
    forbidden = organization is not None and not organization.leaving.allowed
    hindrances = {"home": home, "owner": membership.owner, "forbidden": forbidden}
    kept_by = next((name for name, holds in hindrances.items() if holds), None)
    return contract.Organization(
        id=id_,
        name=organization.name if organization else id_,
        home=home,
        joined_at=membership.joined_at,
        invited_by=membership.invited_by,
        owner=membership.owner,
        can_leave=kept_by is None,
        cannot_leave=kept_by,
        ask=organization.leaving.ask if organization and kept_by == "forbidden" else None,
        privacy_statement=organization.privacy_statement if organization else None,
        contacts=_contacts(organization) if organization else (),
    )


def _contacts(organization: Organization) -> tuple[contract.ContactPoint, ...]:
    return tuple(
        contract.ContactPoint(
            role=contact.role,
            name=contact.name,
            email=contact.email,
            telephone=contact.telephone,
            page=contact.page,
        )
        for contact in organization.contacts
    )
