"""Where the links of a text lead: not elsewhere than they seem to."""

import re
import unicodedata
from collections.abc import Sequence

from markdown_it.token import Token

_PLAIN = re.compile(r"(https://[^/?#@]+([/?#]|$)|mailto:.)", re.IGNORECASE)
"""Before an @, an address could seem to lead where it does not (RFC 3986, section 7.6)."""
_HOST = re.compile(r"https://([^/?#:]+)", re.IGNORECASE)
_WITH_SCHEME = re.compile(r"://([^\s/?#:]+)\S*")
_DOTTED = re.compile(r"[\w.-]+")
_NUMBERS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_LONGEST_HOST = 253
_WORDS = {"text", "code_inline", "image", "softbreak", "hardbreak"}


def is_plain(address: str) -> bool:
    """Tell whether an address is of a web page, without user information, or of a mailbox."""
    return bool(_PLAIN.match(address))


def telling_targets(parts: Sequence[Token]) -> list[Token]:
    """Add where it leads behind each link whose words look like the address of somewhere else."""
    told: list[Token] = []
    target, words = "", ""
    for part in parts:
        told.append(part)
        if part.type == "link_open":
            target, words = str(part.attrGet("href")), ""
        elif part.type in _WORDS:
            words += part.content or " "
        elif part.type == "link_close" and (where := _elsewhere(words, target)):
            told.append(Token("text", "", 0, content=f" ({where})"))
    return told


def _elsewhere(words: str, target: str) -> str:
    """Name where a link leads, if its *words* look like another address."""
    if target.lower().startswith("mailto:"):
        where = target[len("mailto:") :].partition("?")[0]
        host = where.rpartition("@")[2] if where.count("@") == 1 else ""
    else:
        where = host = _host_of(target)
    return where if _hosts_in(words) - {_ascii(host)} else ""


def _hosts_in(words: str) -> set[str]:
    seen = unicodedata.normalize("NFKC", words).replace("\u3002", ".")
    seen = "".join(sign for sign in seen if unicodedata.category(sign) != "Cf")
    named = [found.strip("._-") for found in _DOTTED.findall(_WITH_SCHEME.sub(" ", seen))]
    return {_ascii(one) for one in (*_WITH_SCHEME.findall(seen), *filter(_is_like_a_host, named))}


def _is_like_a_host(name: str) -> bool:
    before, dot, last = name.rpartition(".")
    return bool(before and dot) and ((len(last) > 1 and last[0].isalpha()) or bool(_NUMBERS.fullmatch(name)))


def _host_of(address: str) -> str:
    found = _HOST.match(address)
    return found[1] if found else address


def _ascii(host: str) -> str:
    if len(host) > _LONGEST_HOST:
        return host
    try:
        return host.encode("idna").decode().lower().removeprefix("www.")
    except UnicodeError:
        return host.lower()
