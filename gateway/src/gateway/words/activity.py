"""Words for what entries of the history are about, and for who did it."""

from shared.telling.message import Message, marked

PARTS: dict[str, Message] = {
    "sign_ins": marked("Sign-ins"),
    "security_info": marked("Security info"),
    "devices": marked("Devices"),
    "organizations": marked("Organizations"),
    "privacy": marked("Privacy"),
    "sessions": marked("Where you’re signed in"),  # noqa: RUF001  # the apostrophe that people read
}
ACTORS: dict[str, Message] = {
    "you": marked("You"),
    "administrator": marked("An administrator"),
    "system": marked("The system"),
    "unknown": marked("Not known who"),
}
OTHER_PART = marked("Something else")


def part_said(part: str, language: str) -> str:
    """Say what an entry is about; what is newer than this gateway has general words."""
    return PARTS.get(part, OTHER_PART).said(language)


def actor_said(by: str, language: str) -> str:
    """Say who did it."""
    return ACTORS.get(by, ACTORS["unknown"]).said(language)
