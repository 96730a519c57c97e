"""Security questions: answers to some of many questions, for password reset; each answer is kept as argon2id."""

import unicodedata
from collections.abc import Mapping
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from security_info.methods.kind import Kind, Method
from shared.sealing import Secret

KIND = Kind(
    type="security-questions",
    limit=1,
    purposes=("password_reset",),
    counts_for=frozenset({"password_reset"}),
    names={"en": "Security questions", "sv": "Säkerhetsfrågor"},
    can_be_renamed=False,
)
SHORTEST, LONGEST = 3, 40
"""Signs that an answer has."""
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's first choice for argon2id: 19 MiB, two passes."""


class SecurityQuestions(Method):
    """The hashes of the answers, sealed, by the questions' ids."""

    type: Literal["security-questions"] = "security-questions"
    answers: dict[str, Secret]


def tidied(answer: str) -> str:
    """Give an answer as it is compared: composed and case-folded (NFKC), one space between words."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", answer).casefold()).split())


def hashed(answers: Mapping[str, str]) -> dict[str, str]:
    """Hash tidied answers; takes tens of milliseconds each, so it is no work for the loop that serves."""
    return {question: _HASHER.hash(answer) for question, answer in answers.items()}


def is_answer(answer: str, kept: str) -> bool:
    """Tell whether an answer is the one that was kept; as slow as `hashed`."""
    try:
        return _HASHER.verify(kept, tidied(answer))
    except VerificationError:
        return False
