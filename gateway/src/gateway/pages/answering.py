"""The form of security questions: each question is chosen in one field and answered in another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.choosing import names_of
from gateway.language import form_of
from gateway.visiting import Visit
from gateway.words import with_words
from shared.contracts import security_info as contract
from shared.telling.message import marked

_PLACED = re.compile(r"/answers/(\d+)/(question_id|answer)")
_UNCHOSEN = marked("Choose question %(number)s.")
_MOST = 10
"""Fields that are looked for in a form; the service takes fewer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How many questions are to be answered, and those to choose from: an organization's under its name."""

    count: int
    lists: tuple[tuple[str, tuple[contract.Question, ...]], ...]


async def questions_of(visit: Visit, info: contract.SecurityInfo) -> Asked:
    """Ask which questions there are."""
    found = (await visit.ask(visit.services.security_info, contract.GET_QUESTIONS)).read(contract.Questions)
    names = names_of(info)
    by_name: dict[str, list[contract.Question]] = {}
    for question in found.questions:
        owner = question.organization_id
        by_name.setdefault(names.get(owner, owner) if owner else "", []).append(question)
    return Asked(found.to_register, tuple((name, tuple(several)) for name, several in by_name.items()))


async def answers_typed(visit: Visit) -> list[dict[str, str]]:
    """Give the answers that a form brought, in its order."""
    fields = await form_of(visit.request)
    places = [place for place in range(_MOST) if f"question_{place}" in fields]
    return [
        {"question_id": str(fields[f"question_{place}"]), "answer": str(fields.get(f"answer_{place}", ""))}
        for place in places
    ]


def faults_of_answers(document: Mapping[str, Any], language: str) -> dict[str, str]:
    """Tell what is wrong with which field; what is wrong with all of them stands at the first."""
    faults: dict[str, str] = {}
    for fault in with_words(document, language).get("errors", ()):
        placed = _PLACED.fullmatch(str(fault["pointer"]))
        if placed is None:
            faults.setdefault("question_0", fault["detail"])
        elif placed[2] == "question_id":
            unchosen = fault["key"] == "string_too_short"
            number = {"number": int(placed[1]) + 1}
            faults[f"question_{placed[1]}"] = _UNCHOSEN.said(language, number) if unchosen else fault["detail"]
        else:
            faults[f"answer_{placed[1]}"] = fault["detail"]
    return faults
