"""Words for what entries of the history are about, for who did it, and for what came of sign-ins."""

from shared.contracts.privacy import ActivityEntry
from shared.telling.events import NOBODY_DOES
from shared.telling.events_of_letters import EVENTS_OF_LETTERS
from shared.telling.message import Message, marked
from shared.telling.notices import BY_THEM

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
    "administrator": marked("An administrator of your organization"),
    "system": marked("Your organization, or nobody: it came about by itself"),
    "unknown": marked("Whoever signed in as you, or tried to"),
}
"""As they are chosen from."""
RESULTS: dict[str, Message] = {
    "succeeded": marked("Succeeded"),
    "not_succeeded": marked("Did not succeed"),
}
_BY_ITSELF_COMES = NOBODY_DOES | EVENTS_OF_LETTERS.keys()
_BY_ADMINISTRATOR = marked("By an administrator of your organization")
_BY_ITSELF = marked("It came about by itself")
_ORGANIZATION = marked("Your organization: an administrator or one of its systems")
_NEWER_ACTOR = marked("Somebody else")
OTHER_PART = marked("Something else")


def part_said(part: str, language: str) -> str:
    """Say what an entry is about; what is newer than this gateway has general words."""
    return PARTS.get(part, OTHER_PART).said(language)


def actor_said(entry: ActivityEntry, language: str) -> str:
    """Say who did it, as a table has it."""
    if entry.by == "system":
        return (_BY_ITSELF if entry.type in _BY_ITSELF_COMES else _ORGANIZATION).said(language)
    return ACTORS.get(entry.by, _NEWER_ACTOR).said(language)


def doer_said(entry: ActivityEntry, language: str) -> str | None:
    """Say who did it where it was an organization; what came about by itself nobody did."""
    if entry.by == "administrator":
        return _BY_ADMINISTRATOR.said(language)
    return BY_THEM.said(language) if entry.by == "system" and entry.type not in _BY_ITSELF_COMES else None
