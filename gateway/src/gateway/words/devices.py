"""Words for devices: their kinds, why one was disabled, and the kinds of recovery keys."""

from dataclasses import dataclass

from shared.telling.message import Message, marked


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of device."""

    label: Message
    icon: str


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """Why a device was disabled: as one chooses it, explained, and as it is told afterwards."""

    choice: Message
    explained: Message
    told: Message


KINDS: dict[str, KindWords] = {
    "laptop": KindWords(marked("Laptop"), "laptop"),
    "desktop": KindWords(marked("Desktop computer"), "desktop"),
    "phone": KindWords(marked("Phone"), "phone"),
    "tablet": KindWords(marked("Tablet"), "tablet"),
    "other": KindWords(marked("Other device"), "device"),
}

REASONS: dict[str, ReasonWords] = {
    "lost": ReasonWords(
        marked("I lost it"),
        marked("You cannot find it. As far as you know, nobody took it."),
        marked("You said that you lost it."),
    ),
    "stolen": ReasonWords(
        marked("It was stolen"),
        marked("Someone else has it. Check your security info as well, and sign out everywhere."),
        marked("You said that it was stolen."),
    ),
    "not_mine": ReasonWords(
        marked("It is not mine any more"),
        marked("You handed it on or gave it back."),
        marked("You said that it is not yours any more."),
    ),
    "not_recognised": ReasonWords(
        marked("I do not recognise it"),
        marked("You never used it. Check your security info as well, and sign out everywhere."),
        marked("You said that you do not recognise it."),
    ),
}


KEY_KINDS: dict[str, Message] = {
    "bitlocker": marked("BitLocker recovery key"),
    "filevault": marked("FileVault recovery key"),
    "luks": marked("LUKS recovery key"),
    "other": marked("Recovery key"),
}

JOIN_TYPES: dict[str, Message] = {
    "registered": marked("Registered: your own device, known to the organization"),
    "joined": marked("Joined: a device of the organization"),
    "hybrid_joined": marked("Joined, also to a network of the organization"),
}


def kind_words(kind: str) -> KindWords:
    """Give the words for a kind of device; one that is newer than this gateway has general ones."""
    return KINDS.get(kind, KINDS["other"])


def key_kind_words(kind: str) -> Message:
    """Give the words for a kind of recovery key; one that is newer than this gateway has general ones."""
    return KEY_KINDS.get(kind, KEY_KINDS["other"])


def join_words(join_type: str | None) -> Message | None:
    """Tell how a device belongs to its organization, for a way that is known here."""
    return JOIN_TYPES.get(join_type or "")


def reason_told(reason: str | None) -> Message | None:
    """Give the sentence that tells why a device was disabled, for a reason that is known here."""
    words = REASONS.get(reason or "")
    return words.told if words else None
