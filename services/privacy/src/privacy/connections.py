"""The rules of the services to which an account is connected. Pure."""

from collections.abc import Collection
from datetime import datetime

from privacy.account import MOST_CONNECTIONS, MOST_CONNECTIONS_IN_ALL, Account, Connection
from privacy.moments import refuse_future
from privacy.register import Service
from shared.contracts import privacy as contract
from shared.contracts.devices import NotAMember
from shared.deciding import Decision
from shared.facts import Facts


def connect(
    state: Account,
    facts: Facts,
    *,
    organization_id: str,
    service_id: str,
    service: Service | None,
    since: datetime | None = None,
    last_used_at: datetime | None = None,
) -> Decision[Account]:
    """Connect an account to a service, or note since when and when it was last used; a late report tells of then.

    Raises `NotAMember`, `ServiceNotFound`, `RegisterFull`, and `Invalid` for what is yet to come.
    """
    membership = state.memberships.get(organization_id)
    if membership is None or not membership.member:
        raise NotAMember
    if service is None:
        raise contract.ServiceNotFound
    refuse_future(facts.now, connected_at=since, last_used_at=last_used_at)
    connections = dict(state.connections(organization_id))
    before = connections.get(service_id)
    if before and before.entry == service.entry:
        used = max(filter(None, (before.last_used_at, last_used_at)), default=None)
        noted = before.model_copy(update={"name": service.name, "since": since or before.since, "last_used_at": used})
        return Decision(state.with_connections(organization_id, connections | {service_id: noted}))
    if before is None and len(connections) >= MOST_CONNECTIONS:
        raise contract.RegisterFull(limit=MOST_CONNECTIONS)
    if before is None and len(state.entries) >= MOST_CONNECTIONS_IN_ALL:
        raise contract.RegisterFull(limit=MOST_CONNECTIONS_IN_ALL)
    connections[service_id] = Connection(
        entry=service.entry,
        name=service.name,
        under=membership.sequence,
        since=since or facts.now,
        last_used_at=last_used_at,
    )
    gone = [_disconnected(organization_id, service_id, before, "organization")] if before else []
    news = contract.ServiceConnected(service_id=service_id, organization_id=organization_id, name=service.name)
    return Decision(state.with_connections(organization_id, connections), news=(*gone, news))


def disconnect(state: Account, _facts: Facts, *, organization_id: str, service_id: str) -> Decision[Account]:
    """Disconnect an account for the organization; where there is no connection, there is nothing to do."""
    if service_id not in state.connections(organization_id):
        return Decision(state)
    return _without(state, organization_id, {service_id}, "organization")


def disconnect_oneself(
    state: Account, _facts: Facts, *, organization_id: str, service_id: str, service: Service | None
) -> Decision[Account]:
    """Disconnect a service as the person, where the organization lets them."""
    connection = state.connections(organization_id).get(service_id)
    if connection is None or service is None or connection.entry != service.entry:
        raise contract.ServiceNotFound
    if not service.may_disconnect:
        raise contract.DisconnectingForbidden
    return _without(state, organization_id, {service_id}, "person")


def clear(state: Account, _facts: Facts, *, organization_id: str, entries: Collection[str]) -> Decision[Account]:
    """Disconnect an account from services that were taken out; those put in again since are others."""
    gone = {id_ for id_, one in state.connections(organization_id).items() if one.entry in entries}
    return _without(state, organization_id, gone, "organization") if gone else Decision(state)


def _without(state: Account, organization_id: str, gone: Collection[str], reason: str) -> Decision[Account]:
    connections = state.connections(organization_id)
    news = tuple(_disconnected(organization_id, id_, one, reason) for id_, one in connections.items() if id_ in gone)
    kept = {id_: one for id_, one in connections.items() if id_ not in gone}
    return Decision(state.with_connections(organization_id, kept), news=news)


def _disconnected(
    organization_id: str, service_id: str, connection: Connection, reason: str
) -> contract.ServiceDisconnected:
    return contract.ServiceDisconnected(
        service_id=service_id, organization_id=organization_id, name=connection.name, reason=reason
    )
