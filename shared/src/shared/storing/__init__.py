"""State at rest: one aggregate is one document, changed by one guarded update that carries its news."""

from shared.connecting import StoreUnavailable
from shared.storing.shelf import Filed, Shelf
from shared.storing.store import Opens, Outcome, Store

__all__ = ["Filed", "Opens", "Outcome", "Shelf", "Store", "StoreUnavailable"]
