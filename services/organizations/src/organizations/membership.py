"""The rules of memberships: they start, end, can be restored for a while, and are purged. Pure."""

from datetime import timedelta

from organizations.account import Account, Ended, Membership
from shared.contracts import organizations as contract
from shared.deciding import Decision
from shared.facts import Facts

RESTORABLE = timedelta(days=30)
"""For how long the organization can restore a membership that ended."""
MOST_ENDED = 100
"""Memberships that ended and can be restored; of more the oldest are purged at once."""


def start(
    account: Account, facts: Facts, *, organization_id: str, organization_name: str, wish: contract.PutMembership
) -> Decision[Account]:
    """Make an account a member, or note who owns and who invited; what ended and can be restored goes on as it was."""
    if account.home is None:
        raise contract.AccountNotFound
    told = {"owner": wish.owner, "invited_by": wish.invited_by}
    if there := account.memberships.get(organization_id):
        noted = {**account.memberships, organization_id: there.model_copy(update=told)}
        return Decision(account.model_copy(update={"memberships": noted}))
    if ended := _restorable(account, facts, organization_id):
        return _gone_on(account, organization_id, organization_name, ended.membership.model_copy(update=told))
    membership = Membership(joined_at=facts.now, id=facts.id("membership"), **told)
    left, purged = account.purged([organization_id])
    started = contract.MembershipStarted(
        organization_id=organization_id, organization_name=organization_name, home=False, membership_id=membership.id
    )
    after = left.model_copy(update={"memberships": left.joining(organization_id, membership)})
    return Decision(after, news=(*purged, started))


def end(account: Account, facts: Facts, *, organization_id: str, organization_name: str) -> Decision[Account]:
    """End a membership for the organization; where there is none, there is nothing to do."""
    if account.home is None:
        raise contract.AccountNotFound
    if organization_id not in account.memberships:
        return Decision(account)
    return _ended(account, facts, organization_id, organization_name, reason="removed")


def leave(
    account: Account, facts: Facts, *, organization_id: str, organization_name: str, may_leave: bool
) -> Decision[Account]:
    """Leave an organization as the person, unless it forbids that or the person owns it."""
    membership = account.memberships.get(organization_id)
    if membership is None:
        raise contract.OrganizationNotFound
    if organization_id != account.home:
        if membership.owner:
            raise contract.OwnerCannotLeave
        if not may_leave:
            raise contract.LeavingForbidden
    return _ended(account, facts, organization_id, organization_name, reason="left")


def restore(account: Account, facts: Facts, *, organization_id: str, organization_name: str) -> Decision[Account]:
    """Let a membership that ended go on as it was; one that goes on already needs nothing."""
    if account.home is None:
        raise contract.AccountNotFound
    if organization_id in account.memberships:
        return Decision(account)
    ended = _restorable(account, facts, organization_id)
    if ended is None:
        raise contract.NothingToRestore
    return _gone_on(account, organization_id, organization_name, ended.membership)


def purge(account: Account, facts: Facts) -> Decision[Account]:
    """Purge what can be restored no more; a second time finds nothing to do."""
    due = [id_ for id_, one in account.ended.items() if facts.now >= one.purge_at]
    after, news = account.purged(due)
    return Decision(after, news=tuple(news))


def _restorable(account: Account, facts: Facts, organization_id: str) -> Ended | None:
    ended = account.ended.get(organization_id)
    return ended if ended and facts.now < ended.purge_at else None


def _gone_on(
    account: Account, organization_id: str, organization_name: str, membership: Membership
) -> Decision[Account]:
    left = {id_: one for id_, one in account.ended.items() if id_ != organization_id}
    started = contract.MembershipStarted(
        organization_id=organization_id,
        organization_name=organization_name,
        home=False,
        membership_id=membership.id,
        restored=True,
    )
    after = account.with_ended(left, memberships=account.joining(organization_id, membership))
    return Decision(after, news=(started,))


def _ended(
    account: Account, facts: Facts, organization_id: str, organization_name: str, *, reason: str
) -> Decision[Account]:
    if organization_id == account.home:
        raise contract.HomeOrganization
    membership = account.memberships[organization_id]
    if membership.id is None:  # it began before memberships had ids
        membership = membership.model_copy(update={"id": facts.id("membership")})
    purge_at = facts.now + RESTORABLE
    ended = Ended(membership=membership, name=organization_name, ended_at=facts.now, purge_at=purge_at)
    left = {id_: kept for id_, kept in account.memberships.items() if id_ != organization_id}
    told = contract.MembershipEnded(
        organization_id=organization_id,
        organization_name=organization_name,
        reason=reason,
        membership_id=membership.id,
        purged_at=purge_at,
    )
    after = account.with_ended({**account.ended, organization_id: ended}, memberships=left)
    oldest = sorted(after.ended, key=lambda id_: after.ended[id_].purge_at)
    kept, purged = after.purged(oldest[: max(0, len(oldest) - MOST_ENDED)])
    return Decision(kept, news=(told, *purged))
