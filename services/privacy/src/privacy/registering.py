"""The rules of what an organization tells privacy. Pure."""

from datetime import datetime
from typing import Any

from privacy.register import (
    MOST_DATA_USES,
    MOST_SERVICES,
    MOST_TERMS,
    MOST_VERSIONS,
    DataUse,
    Register,
    Service,
    Terms,
    Version,
)
from shared.contracts import privacy as contract
from shared.deciding import Decision
from shared.facts import Facts


def put_service(state: Register, facts: Facts, *, service_id: str, wish: contract.PutService) -> Decision[Register]:
    """Put a service in, or note what is known of it now; accounts stay connected to it."""
    before = state.services.get(service_id)
    if before is None and (len(state.services) >= MOST_SERVICES or len(state.removed) >= MOST_SERVICES):
        raise contract.RegisterFull(limit=MOST_SERVICES)
    entry = before.entry if before else facts.id("service")
    service = Service(entry=entry, **wish.model_dump())
    return Decision(state.model_copy(update={"services": {**state.services, service_id: service}}))


def delete_service(state: Register, facts: Facts, *, service_id: str) -> Decision[Register]:
    """Take a service out; who is connected to it is disconnected from then on."""
    service = state.services.get(service_id)
    if service is None:
        return Decision(state)
    left = {id_: kept for id_, kept in state.services.items() if id_ != service_id}
    gone = state.model_copy(update={"services": left})
    return Decision(gone.with_removed({**state.removed, service.entry: facts.now}))


def cleared(state: Register, _facts: Facts, *, before: datetime) -> Decision[Register]:
    """Forget services that were taken out *before* then: nobody is connected to them any more."""
    removed = {entry: at for entry, at in state.removed.items() if at >= before}
    return Decision(state.with_removed(removed))


def put_data_use(state: Register, _facts: Facts, *, use_id: str, wish: contract.PutDataUse) -> Decision[Register]:
    """Put a use of data in, or replace it."""
    if use_id not in state.data_uses and len(state.data_uses) >= MOST_DATA_USES:
        raise contract.RegisterFull(limit=MOST_DATA_USES)
    use = DataUse.model_validate(wish.model_dump())
    return Decision(state.model_copy(update={"data_uses": {**state.data_uses, use_id: use}}))


def delete_data_use(state: Register, _facts: Facts, *, use_id: str) -> Decision[Register]:
    """Take a use of data out."""
    left = {id_: kept for id_, kept in state.data_uses.items() if id_ != use_id}
    return Decision(state.model_copy(update={"data_uses": left}))


def put_rules(state: Register, _facts: Facts, *, wish: contract.PutPrivacyRules) -> Decision[Register]:
    """Note for how long histories are kept and whether the language is locked, which is spread where it is new."""
    told: dict[str, Any] = {"history_days": wish.history_days, "language": wish.language}
    if wish.language != state.language:
        told |= {"language_revision": state.language_revision + 1, "to_spread": True}
    return Decision(state.model_copy(update=told))


def reserve(
    state: Register, facts: Facts, *, terms_id: str, version: str, material: bool, source: str
) -> Decision[Register]:
    """Give a version its place after those that were begun before; the same texts again change nothing."""
    known = state.terms.get(terms_id, Terms(versions=()))
    begun = known.version(version)
    if begun:
        if (begun.material, begun.source) != (material, source):
            raise contract.VersionPublished
        return Decision(state)
    _refuse_full(state, terms_id)
    fresh = Version(version=version, material=material, source=source, reserved=True, published_at=facts.now)
    return Decision(_with_terms(state, terms_id, known.model_copy(update={"versions": (*known.versions, fresh)})))


def publish(
    state: Register,
    facts: Facts,
    *,
    organization_id: str,
    terms_id: str,
    version: str,
    titles: dict[str, str],
    digests: dict[str, str],
) -> Decision[Register]:
    """Show a version that was reserved and whose texts lie there; it is current unless a newer one is.

    The current one again ends a withdrawal, any other that was published changes nothing. A version that a newer one
    overtook is no news: it never holds.
    """
    known = state.terms[terms_id]
    place = [one.version for one in known.versions].index(version)
    begun, newer = known.versions[place], known.versions[place + 1 :]
    is_current = all(one.reserved for one in newer)
    if not begun.reserved and (known.withdrawn_at is None or not is_current):
        return Decision(state)
    if not is_current:
        shown = begun.model_copy(update={"reserved": False, "published_at": facts.now})
        return Decision(_with_terms(state, terms_id, _with_version(known, shown)))
    if begun.reserved:
        begun = begun.model_copy(
            update={"reserved": False, "published_at": facts.now, "titles": titles, "digests": digests}
        )
    earlier = (one.model_copy(update={"titles": {}, "digests": {}}) for one in known.versions[:place])
    news = contract.TermsPublished(
        organization_id=organization_id, terms_id=terms_id, version=version, material=begun.material
    )
    return Decision(_with_terms(state, terms_id, Terms(versions=(*earlier, begun, *newer))), news=(news,))


def withdraw(state: Register, facts: Facts, *, organization_id: str, terms_id: str) -> Decision[Register]:
    """Ask nobody to accept these terms any more; the first time is noted and told."""
    known = state.terms.get(terms_id)
    if known is None or known.withdrawn_at or terms_id not in state.published:
        return Decision(state)
    news = contract.TermsWithdrawn(organization_id=organization_id, terms_id=terms_id)
    withdrawn = known.model_copy(update={"withdrawn_at": facts.now})
    return Decision(_with_terms(state, terms_id, withdrawn), news=(news,))


def _with_terms(state: Register, terms_id: str, terms: Terms) -> Register:
    return state.model_copy(update={"terms": {**state.terms, terms_id: terms}})


def _with_version(terms: Terms, version: Version) -> Terms:
    versions = tuple(version if one.version == version.version else one for one in terms.versions)
    return terms.model_copy(update={"versions": versions})


def _refuse_full(state: Register, terms_id: str) -> None:
    known = state.terms.get(terms_id)
    if known is None and len(state.terms) >= MOST_TERMS:
        raise contract.RegisterFull(limit=MOST_TERMS)
    if known and len(known.versions) >= MOST_VERSIONS:
        raise contract.RegisterFull(limit=MOST_VERSIONS)
