"""Words for what methods are used for."""

from dataclasses import dataclass

from shared.telling.message import Message, marked


@dataclass(frozen=True, slots=True)
class PurposeWords:
    """A purpose as it heads a row, and within a sentence."""

    label: Message
    within: Message


PURPOSES: dict[str, PurposeWords] = {
    "two_step": PurposeWords(marked("Two-step verification"), marked("two-step verification")),
    "password_reset": PurposeWords(marked("Resetting the password"), marked("resetting the password")),
    "apps": PurposeWords(marked("Apps that ask for a password only"), marked("apps that ask for a password only")),
    "proof": PurposeWords(marked("Confirming that it is you"), marked("confirming that it is you")),
}
OTHER = PurposeWords(marked("Something else"), marked("something else"))


def purpose_words(purpose: str) -> PurposeWords:
    """Give the words for a purpose; one that is newer than this gateway has general ones."""
    return PURPOSES.get(purpose, OTHER)
