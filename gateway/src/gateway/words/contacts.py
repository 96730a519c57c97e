"""Words for what people in an organization can be asked about."""

from shared.telling.message import Message, marked

ROLES: dict[str, Message] = {
    "help": marked("Help"),
    "privacy": marked("Privacy"),
    "technical": marked("Technical matters"),
}
OTHER = marked("Contact")


def role_words(role: str) -> Message:
    """Give the words for a role; one that is newer than this gateway has general ones."""
    return ROLES.get(role, OTHER)
