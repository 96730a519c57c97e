"""The rules of what a person agreed to: a text as it was shown, never un-accepted. Pure."""

from collections.abc import Sequence

from privacy.account import MOST_ACCEPTED, Accepted, Account
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
    """Write down that the current version was accepted as it was shown; a version is accepted once, in one language."""
    if terms is None or not state.belongs_to(organization_id):
        raise contract.TermsNotFound
    if terms.withdrawn_at:
        raise contract.TermsNotAsked(withdrawn_at=terms.withdrawn_at)
    current = terms.current
    if (wish.version, wish.digest) != (current.version, current.digests.get(wish.language)):
        raise contract.TermsChanged(version=current.version)
    before = of_version(state.acceptances(organization_id, terms_id), wish.version)
    if before:
        return Decision(state, _told(before))
    if state.number_of_acceptances >= MOST_ACCEPTED:
        raise contract.RegisterFull(limit=MOST_ACCEPTED)
    text = wish.model_dump()
    accepted = Accepted(**text, at=facts.now, session=session)
    news = contract.TermsAccepted(
        organization_id=organization_id, terms_id=terms_id, title=current.titles[wish.language], **text
    )
    return Decision(state.with_accepted(organization_id, terms_id, accepted), _told(accepted), (news,))


def of_version(accepted: Sequence[Accepted], version: str) -> Accepted | None:
    """Give the acceptance of a version."""
    return next((one for one in accepted if one.version == version), None)


def newest_first(accepted: Sequence[Accepted], terms: Terms) -> list[Accepted]:
    """Give acceptances as versions follow each other, whichever was recorded first."""
    order = {one.version: number for number, one in enumerate(terms.versions)}
    return sorted(accepted, key=lambda one: (order.get(one.version, -1), one.at), reverse=True)


def is_to_accept(accepted: Sequence[Accepted], terms: Terms) -> bool:
    """Tell whether a person is asked: they never accepted, or not since a version that asks everyone again."""
    if terms.withdrawn_at:
        return False
    names = [one.version for one in terms.versions]
    latest = next(iter(newest_first(accepted, terms)), None)
    if latest is None or latest.version not in names:
        return True
    return any(one.material for one in terms.versions[names.index(latest.version) + 1 :])


def _told(accepted: Accepted) -> dict[str, object]:
    return accepted.model_dump(exclude={"session"})
