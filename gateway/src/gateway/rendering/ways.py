"""Links to where people can be reached, and what they are shown as."""

import re
from urllib.parse import quote, urlsplit

_NOT_DIALLED = re.compile(r"[^0-9+]")


def mail_link(address: str) -> str:
    """Give the link to write to an e-mail address (RFC 6068)."""
    return f"mailto:{quote(address, safe='@')}"


def telephone_link(number: str) -> str:
    """Give the link to call a number, without the signs that only help to read it (RFC 3966)."""
    return f"tel:{_NOT_DIALLED.sub('', number)}"


def site_of(address: str) -> str:
    """Name the site to which an address leads."""
    return urlsplit(address).hostname or address
