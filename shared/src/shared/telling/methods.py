"""Words for the types of methods."""

from dataclasses import dataclass

from shared.telling.message import Message, marked


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
    "security-key": MethodWords(
        label=marked("Security key"),
        within=marked("the security key"),
        explained=marked(
            "A key that you plug in or hold against the device, or a passkey: your fingerprint, your face or a PIN. "
            "It cannot be tricked by a forged site."
        ),
        icon="usb",
    ),
    "phone": MethodWords(
        label=marked("Phone"),
        within=marked("the phone"),
        explained=marked("A code comes to your phone, in a text message or in a call."),
        icon="telephone",
    ),
    "email": MethodWords(
        label=marked("E-mail address"),
        within=marked("the e-mail address"),
        explained=marked(
            "For password reset only: a code comes to an address that you can read without signing in here."
        ),
        icon="mail",
    ),
    "recovery-codes": MethodWords(
        label=marked("Recovery codes"),
        within=marked("the recovery codes"),
        explained=marked(
            "Ten codes to print or write down. Each gets you in once when your phone or key is not at hand."
        ),
        icon="codes",
    ),
    "security-questions": MethodWords(
        label=marked("Security questions"),
        within=marked("the security questions"),
        explained=marked("Questions whose answers only you know, for when you have forgotten your password."),
        icon="question",
    ),
    "app-password": MethodWords(
        label=marked("App password"),
        within=marked("the app password"),
        explained=marked("A password for one older app, such as a mail program, that cannot ask for a second step."),
        icon="app",
    ),
}
OTHER = MethodWords(
    label=marked("Another method"),
    within=marked("the method"),
    explained=marked("A way to prove that it is you."),
    icon="key",
)


def method_words(type_: str | None) -> MethodWords:
    """Give the words for a type of method; one that is newer than this has general ones."""
    return METHODS.get(type_ or "", OTHER)
