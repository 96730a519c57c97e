"""App passwords: for apps that cannot ask for a second step; random, shown once, only a digest is kept."""

from datetime import datetime, timedelta
from typing import Literal

from security_info.methods import codes
from security_info.methods.kind import Kind, Method
from shared.facts import Facts

KIND = Kind(
    type="app-password",
    limit=40,
    purposes=("apps",),
    counts_for=frozenset(),
    names={"en": "App password", "sv": "Applösenord"},
)
SEEN_EVERY = timedelta(hours=1)
"""How coarse the last use is; writing it with every sign-in of an app would make each check a write."""
_LENGTH = 20


class AppPassword(Method):
    """An app password."""

    type: Literal["app-password"] = "app-password"
    digest: bytes

    def noted(self, now: datetime) -> "AppPassword":
        """Give it with the last use noted, where the last note is old enough."""
        fresh = self.last_used_at and now - self.last_used_at < SEEN_EVERY
        return self if fresh else self.with_changes(last_used_at=now)


def new_password(facts: Facts) -> str:
    """Draw a password of 100 bits, in lower case and in groups, as apps and people take it."""
    return codes.grouped(codes.drawn(facts.secret("app-password", _LENGTH), _LENGTH)).lower()
