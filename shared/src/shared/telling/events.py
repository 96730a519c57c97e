"""Words for everything that can happen to an account: one sentence each, to the person it happened to."""

from shared.contracts.privacy import SIGN_IN
from shared.telling.event import EventWords, Happening
from shared.telling.events_of_devices import EVENTS_OF_DEVICES
from shared.telling.events_of_letters import CHANNELS, EVENTS_OF_LETTERS, OTHER_CHANNEL
from shared.telling.events_of_privacy import EVENTS_OF_PRIVACY
from shared.telling.events_of_security_info import EVENTS_OF_SECURITY_INFO
from shared.telling.holding import holding
from shared.telling.message import marked
from shared.telling.methods import method_words
from shared.telling.sign_ins import sign_in_words

OTHERWISE = EventWords(
    "info", marked("You changed something in your account"), marked("Something changed in your account")
)
_DECLARED = marked("“%(name)s” changed what it tells of itself")
_HOME_IS = marked("“%(organization_name)s” became your home organization")
_PURGED = marked("What you had in “%(organization_name)s” is gone for good")
_BARRED = marked("Your organization disabled your account")
_UNBARRED = marked("Your organization enabled your account again")
_SIGNED_IN = marked("Your account was signed in to %(product)s")

EVENTS: dict[str, EventWords] = {
    **EVENTS_OF_SECURITY_INFO,
    **EVENTS_OF_LETTERS,
    **EVENTS_OF_DEVICES,
    **EVENTS_OF_PRIVACY,
    "profile.organizations.organization.changed.v1": EventWords("building", _DECLARED, _DECLARED),
    "profile.organizations.membership.started.v1": EventWords(
        "building",
        marked("You joined “%(organization_name)s”"),
        marked("Your account became a member of “%(organization_name)s”"),
        by_reason={"True": marked("Your membership of “%(organization_name)s” goes on as it was")},
        by="restored",
    ),
    "profile.organizations.membership.ended.v1": EventWords(
        "leave",
        marked("You left “%(organization_name)s”"),
        marked("Your account is no longer a member of “%(organization_name)s”"),
        by_reason={
            "left": marked("You left “%(organization_name)s”"),
            "removed": marked("“%(organization_name)s” ended your membership"),
        },
    ),
    "profile.organizations.membership.purged.v1": EventWords("trash", _PURGED, _PURGED),
    "profile.organizations.home-organization.changed.v1": EventWords("home", _HOME_IS, _HOME_IS),
    "profile.organizations.profile.changed.v1": EventWords(
        "person",
        marked("Your profile was updated when you signed in"),
        marked("Your organization updated your profile"),
    ),
    "profile.organizations.account.disabled.v1": EventWords("ban", _BARRED, _BARRED),
    "profile.organizations.account.enabled.v1": EventWords("check", _UNBARRED, _UNBARRED),
    "profile.gateway.session.started.v1": EventWords("enter", _SIGNED_IN, _SIGNED_IN),
    "profile.gateway.session.ended.v1": EventWords(
        "leave",
        marked("You signed out of %(product)s"),
        marked("Your session in %(product)s was ended"),
        by_reason={
            "replaced": marked("You signed in again, which ended your earlier session"),
            "ended_elsewhere": marked("You signed out of %(product)s in another browser"),
            "signed_out_everywhere": marked("A session in %(product)s ended because you signed out everywhere"),
            "ended_by_provider": marked("A session in %(product)s ended because your organization signed you out"),
            "account_disabled": marked("A session in %(product)s ended because your account was disabled"),
        },
    ),
    "profile.gateway.sessions.revoked.v1": EventWords(
        "browser", marked("You signed out everywhere"), marked("Your account was signed out everywhere")
    ),
}


NOBODY_DOES = frozenset({"profile.security-info.method.locked.v1", "profile.security-info.access-code.voided.v1"})
"""What comes about by itself, where it was not the person."""


def event_icon(entry: Happening) -> str:
    """Name the icon for what happened."""
    if entry.type == SIGN_IN:
        return sign_in_words(entry.facts).icon
    return EVENTS.get(entry.type, OTHERWISE).icon


def event_sentence(entry: Happening, language: str, *, product: str) -> str:
    """Tell what happened in one sentence; names that people gave are shown as they are."""
    if entry.type == SIGN_IN:
        return sign_in_words(entry.facts).sentence(entry.facts).said(language, entry.facts)
    words = EVENTS.get(entry.type, OTHERWISE)
    within = method_words(entry.facts.get("method_type")).within.said(language)
    facts = {
        **entry.facts,
        "product": product,
        "method": within,
        "Method": within[:1].upper() + within[1:],
        "channel": CHANNELS.get(str(entry.facts.get("channel")), OTHER_CHANNEL).said(language),
        **({"holding": holding(entry.facts, language)} if "time_zone" in entry.facts else {}),
    }
    mine, others = words.by_type.get(str(entry.facts.get("method_type")), (words.you, words.system))
    said = mine if entry.by == "you" else others
    if words.nameless and entry.facts.get("name") is None:
        said = words.nameless
    said = words.by_reason.get(str(entry.facts.get(words.by)), said)
    try:
        return said.said(language, facts)
    except KeyError:
        return (OTHERWISE.you if entry.by == "you" else OTHERWISE.system).said(language)
