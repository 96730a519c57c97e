"""Long keys in groups, which a person can type without losing the place."""

import re

_GROUP = 4


def in_groups(key: str) -> list[str]:
    """Split a key where its maker parts it, else after every fourth sign; put together again it is the same key."""
    parts = re.findall(r"[^- ]*[- ]|[^- ]+", key)
    return parts if len(parts) > 1 else [key[at : at + _GROUP] for at in range(0, len(key), _GROUP)]
