"""The rules of what a person agreed to: a text as it was shown, never un-accepted. Pure."""

from collections.abc import Sequence

from privacy.account import Accepted, Account
from privacy.register import Terms
from shared.contracts import privacy as contract
from shared.deciding import Decision
from shared.facts import Facts


def accept(
    state: Account,
    facts: Facts,
    *,
    organization_id: str,
    terms_id: str,
    terms: Terms | None,
    wish: contract.AcceptTerms,
    session: str | None,
) -> Decision[Account]:
    """Write down that the current version was accepted as it was shown; the same text again changes nothing."""
    if terms is None or terms.withdrawn_at or not state.belongs_to(organization_id):
        raise contract.TermsNotFound
    current = terms.current
    if (wish.version, wish.digest) != (current.version, current.digests.get(wish.language)):
        raise contract.TermsChanged(version=current.version)
    text = wish.model_dump()
    for before in state.acceptances(organization_id, terms_id):
        if before.model_dump(include=set(text)) == text:
            return Decision(state, _told(before))
    accepted = Accepted(**text, at=facts.now, session=session)
    news = contract.TermsAccepted(
        organization_id=organization_id, terms_id=terms_id, title=current.titles[wish.language], **text
    )
    return Decision(state.with_accepted(organization_id, terms_id, accepted), _told(accepted), (news,))


def newest(accepted: Sequence[Accepted], terms: Terms) -> Accepted | None:
    """Give the acceptance of the newest version, as versions follow each other."""
    order = {one.version: number for number, one in enumerate(terms.versions)}
    return max(accepted, key=lambda one: (order.get(one.version, -1), one.at), default=None)


def is_to_accept(accepted: Sequence[Accepted], terms: Terms) -> bool:
    """Tell whether a person is asked: they never accepted, or not since a version that asks everyone again."""
    if terms.withdrawn_at:
        return False
    latest = newest(accepted, terms)
    names = [one.version for one in terms.versions]
    if latest is None or latest.version not in names:
        return True
    return any(one.material for one in terms.versions[names.index(latest.version) + 1 :])


def _told(accepted: Accepted) -> dict[str, object]:
    return accepted.model_dump(exclude={"session"})
