"""E-mail addresses: for password reset only, and not the address of the account itself."""

from typing import Literal

from security_info.methods.kind import Kind
from security_info.methods.reachable import Reachable

KIND = Kind(
    type="email",
    limit=1,
    purposes=("password_reset",),
    counts_for=frozenset({"password_reset"}),
    names={"en": "E-mail", "sv": "E-post"},
)


class Email(Reachable):
    """An e-mail address."""

    type: Literal["email"] = "email"


def same(one: str, other: str | None) -> bool:
    """Tell whether two addresses reach the same box, as far as one can know without its server."""
    return other is not None and one.casefold() == other.casefold()


def hint(address: str) -> str:
    """Give what is shown of an address: its first sign, dots, and the domain."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"
