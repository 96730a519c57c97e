"""The rules of what news tells of memberships and standing: the newest counts, however late it comes. Pure."""

from security_info.model import NEVER, Membership, SecurityInfo, Standing
from shared.deciding import Decision
from shared.facts import Facts


def note(
    info: SecurityInfo, _facts: Facts, *, organization_id: str, sequence: str, member: bool, home: bool
) -> Decision[SecurityInfo]:
    """Note whether the account belongs to an organization, unless something newer was heard of it."""
    known = info.memberships.get(organization_id, Membership(sequence=NEVER, member=False))
    if known.sequence >= sequence:
        return Decision(info)
    noted = Membership(sequence=sequence, member=member, home=home)
    return Decision(info.changed(memberships={**info.memberships, organization_id: noted}))


def move_home(
    info: SecurityInfo, facts: Facts, *, organization_id: str, previous_organization_id: str, sequence: str
) -> Decision[SecurityInfo]:
    """Note which organization is the home organization now."""
    left = note(info, facts, organization_id=previous_organization_id, sequence=sequence, member=True, home=False).state
    return note(left, facts, organization_id=organization_id, sequence=sequence, member=True, home=True)


def note_standing(info: SecurityInfo, _facts: Facts, *, disabled: bool, sequence: str) -> Decision[SecurityInfo]:
    """Note whether the account may be used, unless something newer was heard of it."""
    if info.standing.sequence >= sequence:
        return Decision(info)
    return Decision(info.changed(standing=Standing(sequence=sequence, disabled=disabled)))
