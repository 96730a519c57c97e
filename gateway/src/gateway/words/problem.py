"""The words for one kind of problem."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.telling.message import Message


@dataclass(frozen=True, slots=True)
class ProblemWords:
    """The words for one kind of problem.

    *detail* tells of this one, with its fields; *by_reason* has other details for some values of the field *by*;
    *about* tells of the kind where *detail* cannot without the fields.
    """

    title: Message
    detail: Message
    about: Message | None = None
    by_reason: Mapping[str, Message] | None = None
    by: str = "reason"

    def detail_of(self, document: Mapping[str, Any], language: str) -> str:
        """Tell what this problem means; a document that lacks fields is told of in general."""
        detail = (self.by_reason or {}).get(str(document.get(self.by)), self.detail)
        try:
            return detail.said(language, document)
        except (KeyError, TypeError):
            return self.general(language)

    def general(self, language: str) -> str:
        """Tell what this kind of problem means."""
        return (self.about or self.detail).said(language)
