"""Which of several languages a person reads."""

from collections.abc import Iterable


def chosen(languages: Iterable[str], wanted: str) -> str:
    """Give the one of *languages* that is *wanted*, else one of the same language elsewhere, else the first."""
    known = list(languages)
    spoken = wanted.partition("-")[0].lower()
    alike = [one for one in known if one.partition("-")[0].lower() == spoken]
    return wanted if wanted in known else next(iter([*alike, *known]))
