"""The rules of what news tells of memberships and of home: the newest counts, however late it comes. Pure."""

from privacy.account import NEVER, Account, Home, Membership
from shared.contracts import privacy as contract
from shared.deciding import Decision
from shared.facts import Facts


def join(state: Account, _facts: Facts, *, organization_id: str, sequence: str, home: bool) -> Decision[Account]:
    """Note that a membership started, unless newer news was heard of it."""
    joined = _noted(state, organization_id, sequence)
    return Decision(_at_home(joined, organization_id, sequence) if home else joined)


def move(
    state: Account, _facts: Facts, *, organization_id: str, previous_organization_id: str, sequence: str
) -> Decision[Account]:
    """Note another home organization; the account belongs to both then."""
    belonging = _noted(_noted(state, previous_organization_id, sequence), organization_id, sequence)
    return Decision(_at_home(belonging, organization_id, sequence))


def part(state: Account, _facts: Facts, *, organization_id: str, sequence: str) -> Decision[Account]:
    """Note that a membership ended or was purged, and disconnect the services to which it connected.

    Heard late, after the account joined again, it disconnects what is from before and nothing else: whichever
    comes first, the end is the same. What was accepted stays on record.
    """
    known = state.memberships.get(organization_id) or Membership(sequence=NEVER, member=False)
    if known.sequence < sequence:
        state = state.with_membership(organization_id, Membership(sequence=sequence, member=False))
    connections = state.connections(organization_id)
    kept = {id_: one for id_, one in connections.items() if one.under >= sequence}
    news = tuple(
        contract.ServiceDisconnected(
            service_id=id_, organization_id=organization_id, name=one.name, reason="membership_ended"
        )
        for id_, one in connections.items()
        if id_ not in kept
    )
    return Decision(state.with_connections(organization_id, kept) if news else state, news=news)


def _noted(state: Account, organization_id: str, sequence: str) -> Account:
    known = state.memberships.get(organization_id)
    if known and known.sequence >= sequence:
        return state
    return state.with_membership(organization_id, Membership(sequence=sequence, member=True))


def _at_home(state: Account, organization_id: str, sequence: str) -> Account:
    if state.home.sequence >= sequence:
        return state
    return state.model_copy(update={"home": Home(organization_id=organization_id, sequence=sequence)})
