"""Words for what happens to services in use, terms and preferences."""

from shared.telling.event import EventWords
from shared.telling.message import marked

_PUBLISHED = marked("Your organization published version %(version)s of its terms")
_WITHDRAWN = marked("Your organization withdrew terms, which nobody has to accept any more")

EVENTS_OF_PRIVACY: dict[str, EventWords] = {
    "profile.privacy.service.connected.v1": EventWords(
        "link",
        marked("You connected the service “%(name)s” to your account"),
        marked("The service “%(name)s” was connected to your account"),
    ),
    "profile.privacy.service.disconnected.v1": EventWords(
        "unlink",
        marked("You disconnected the service “%(name)s” from your account"),
        marked("The service “%(name)s” was disconnected from your account"),
        by_reason={
            "person": marked("You disconnected the service “%(name)s” from your account"),
            "organization": marked("Your organization disconnected the service “%(name)s” from your account"),
            "membership_ended": marked(
                "The service “%(name)s” was disconnected, as you no longer belong to its organization"
            ),
        },
    ),
    "profile.privacy.terms.published.v1": EventWords("codes", _PUBLISHED, _PUBLISHED),
    "profile.privacy.terms.withdrawn.v1": EventWords("codes", _WITHDRAWN, _WITHDRAWN),
    "profile.privacy.terms.accepted.v1": EventWords(
        "check",
        marked("You accepted “%(title)s”, version %(version)s"),
        marked("“%(title)s”, version %(version)s, was accepted"),
    ),
    "profile.privacy.preferences.changed.v1": EventWords(
        "pencil",
        marked("You changed your language, regional format or time zone. Now: %(holding)s"),
        marked("The language, regional format or time zone of your account changed. Now: %(holding)s"),
    ),
}
