"""Words for the types of methods."""

from dataclasses import dataclass

from gateway.words.message import Message, marked


@dataclass(frozen=True, slots=True)
class MethodWords:
    """A type of method as it heads a list, within a sentence, and explained."""

    label: Message
    within: Message
    explained: Message
    icon: str


METHODS: dict[str, MethodWords] = {
    "authenticator-app": MethodWords(
        label=marked("Authenticator app"),
        within=marked("the authenticator app"),
        explained=marked("An app on your phone shows a new six-digit code every 30 seconds. It works without network."),
        icon="phone",
    ),
}
OTHER = MethodWords(
    label=marked("Another method"),
    within=marked("the method"),
    explained=marked("A way to prove that it is you."),
    icon="key",
)


def method_words(type_: str | None) -> MethodWords:
    """Give the words for a type of method; one that is newer than this gateway has general ones."""
    return METHODS.get(type_ or "", OTHER)
