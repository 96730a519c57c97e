"""A bell whose news goes over a real broker under a process's own name, for tests of the relay and the consumer."""

from typing import Any

from prometheus_client import CollectorRegistry
from pydantic import BaseModel, ConfigDict

from shared.brokering import Broker
from shared.connecting import safe
from shared.contracts.gateway import SessionEnded
from shared.contracts.security_info import MethodSetupFailed
from shared.deciding import Actor, Command, Decision
from shared.publishing import Gauges, Relay
from shared.storing import Store
from shared.storing.mongo import MongoShelf

OWN, FOREIGN = MethodSetupFailed.wire, SessionEnded.wire


class Bell(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    count: int = 0


def ring(bell: Bell, _facts: Any) -> Decision[Bell]:
    """Ring once; the news of it may be told by security-info."""
    count = bell.count + 1
    return Decision(Bell(count=count), news=(MethodSetupFailed(method_type=f"ring {count}"),))


def ring_for_another(bell: Bell, _facts: Any) -> Decision[Bell]:
    """Ring once; the news of it may only be told by the gateway."""
    return Decision(Bell(count=bell.count + 1), news=(SessionEnded(session_id="s", reason="signed_out"),))


class Belfry:
    """Bells in a real database with the relay of their news."""

    def __init__(self, database: Any, broker: Broker) -> None:
        self.collection = safe(database, "bells")
        self.shelf = MongoShelf(self.collection)
        self.registry = CollectorRegistry()
        self.relay = Relay(self.shelf, broker, source="bells", gauges=Gauges(self.registry))
        self.store = Store(self.shelf, Bell, source="/security-info", empty=Bell)

    async def ring(self, key: str, rule: Any = ring) -> None:
        """Ring a bell."""
        number = (await self.store.read(key)).count
        await self.store.change(key, rule, command=Command(f"c{number}", "d", Actor("user", key)))

    async def silent(self) -> bool:
        """Tell whether nothing waits to be told."""
        return not await self.collection.count_documents({"outbox.0": {"$exists": True}})

    def metric(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0
