"""Words for everything that can happen to an account: one sentence each, to the person it happened to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.words.message import Message, marked
from gateway.words.methods import method_words
from shared.contracts.privacy import ActivityEntry


@dataclass(frozen=True, slots=True)
class EventWords:
    """The sentence for what the person did, for what the system did, and for when there is no name to tell.

    *by_reason* has other ones where the event tells a reason, or what else *by* names, for which the usual one would
    mislead; *by_type* has other ones, first for what the person did, for types of methods that nobody names.
    """

    icon: str
    you: Message
    system: Message
    nameless: Message | None = None
    by_reason: Mapping[str, Message] = field(default_factory=dict)
    by: str = "reason"
    by_type: Mapping[str, tuple[Message, Message]] = field(default_factory=dict)


OTHERWISE = EventWords(
    "info", marked("You changed something in your account"), marked("Something changed in your account")
)
_DEFAULT_IS = marked("%(Method)s “%(name)s” became your default method")
_ENABLED = marked("The device “%(name)s” may be used again")
_DISCONNECTED = marked("The device “%(name)s” was disconnected from your account")
_DECLARED = marked("“%(name)s” changed what it tells of itself")
_HOME_IS = marked("“%(organization_name)s” became your home organization")
_SETUP_FAILED = marked("The setup of %(method)s ended after too many incorrect codes")
_KEY_SETUP_FAILED = marked("The setup of a security key ended after too many failed tries")
_LOCKED = marked("%(Method)s “%(name)s” was locked for a while after too many wrong answers")
_CODES_LOCKED = marked("Your recovery codes were locked for a while after too many wrong ones")
_QUESTIONS_LOCKED = marked("Your security questions were locked for a while after too many wrong answers")
_UNLOCKED = marked("Your organization lifted the locks of your methods")
_CODE_USED = marked("A recovery code was used (%(remaining)s left)")
_CODE_ISSUED = marked("Your organization issued a temporary access code for you")
_CODE_VOIDED = marked("A temporary access code became void after too many wrong ones were tried")
_BARRED = marked("Your organization disabled your account")
_UNBARRED = marked("Your organization enabled your account again")

EVENTS: dict[str, EventWords] = {
    "profile.security-info.method.added.v1": EventWords(
        "plus",
        marked("You added %(method)s “%(name)s”"),
        marked("%(Method)s “%(name)s” was added"),
        by_type={
            "recovery-codes": (marked("You made recovery codes"), marked("Recovery codes were made")),
            "security-questions": (
                marked("You chose and answered security questions"),
                marked("Security questions were chosen and answered"),
            ),
        },
    ),
    "profile.security-info.method.renamed.v1": EventWords(
        "pencil",
        marked("You renamed %(method)s “%(previous_name)s” to “%(name)s”"),
        marked("%(Method)s “%(previous_name)s” was renamed to “%(name)s”"),
    ),
    "profile.security-info.method.removed.v1": EventWords(
        "trash",
        marked("You removed %(method)s “%(name)s”"),
        marked("%(Method)s “%(name)s” was removed"),
        by_type={
            "recovery-codes": (marked("You removed your recovery codes"), marked("Your recovery codes were removed")),
            "security-questions": (
                marked("You removed your security questions"),
                marked("Your security questions were removed"),
            ),
        },
    ),
    "profile.security-info.method.setup-failed.v1": EventWords(
        "warning", _SETUP_FAILED, _SETUP_FAILED, by_type={"security-key": (_KEY_SETUP_FAILED, _KEY_SETUP_FAILED)}
    ),
    "profile.security-info.default-method.changed.v1": EventWords(
        "star", _DEFAULT_IS, _DEFAULT_IS, nameless=marked("You no longer have a default method")
    ),
    "profile.security-info.method.locked.v1": EventWords(
        "lock",
        _LOCKED,
        _LOCKED,
        by_type={
            "recovery-codes": (_CODES_LOCKED, _CODES_LOCKED),
            "security-questions": (_QUESTIONS_LOCKED, _QUESTIONS_LOCKED),
        },
    ),
    "profile.security-info.locks.lifted.v1": EventWords("unlock", _UNLOCKED, _UNLOCKED),
    "profile.security-info.identity.proved.v1": EventWords(
        "shield",
        marked("You confirmed that it is you with %(method)s “%(name)s”"),
        marked("It was confirmed with %(method)s “%(name)s” that it is you"),
        nameless=marked("You confirmed that it is you"),
        by_reason={
            "sign-in": marked("You confirmed that it is you by signing in"),
            "access-code": marked("You confirmed that it is you with a temporary access code"),
            "recovery-codes": marked("You confirmed that it is you with a recovery code"),
        },
        by="means",
    ),
    "profile.security-info.recovery-code.used.v1": EventWords("codes", _CODE_USED, _CODE_USED),
    "profile.security-info.access-code.issued.v1": EventWords("key", _CODE_ISSUED, _CODE_ISSUED),
    "profile.security-info.access-code.voided.v1": EventWords("warning", _CODE_VOIDED, _CODE_VOIDED),
    "profile.devices.device.connected.v1": EventWords(
        "laptop",
        marked("You connected the device “%(name)s” to your account"),
        marked("The device “%(name)s” was connected to your account"),
    ),
    "profile.devices.device.renamed.v1": EventWords(
        "pencil",
        marked("You renamed the device “%(previous_name)s” to “%(name)s”"),
        marked("The device “%(previous_name)s” was renamed to “%(name)s”"),
    ),
    "profile.devices.device.disabled.v1": EventWords(
        "ban",
        marked("You disabled the device “%(name)s”"),
        marked("The device “%(name)s” was disabled"),
        by_reason={
            "lost": marked("The device “%(name)s” was disabled because it was lost"),
            "stolen": marked("The device “%(name)s” was disabled because it was stolen"),
            "not_mine": marked("The device “%(name)s” was disabled because it is not yours any more"),
            "not_recognised": marked("The device “%(name)s” was disabled because you did not recognise it"),
        },
    ),
    "profile.devices.device.enabled.v1": EventWords("check", _ENABLED, _ENABLED),
    "profile.devices.device.disconnected.v1": EventWords("unlink", _DISCONNECTED, _DISCONNECTED),
    "profile.organizations.organization.changed.v1": EventWords("building", _DECLARED, _DECLARED),
    "profile.organizations.membership.started.v1": EventWords(
        "building",
        marked("You joined “%(organization_name)s”"),
        marked("Your account became a member of “%(organization_name)s”"),
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
    "profile.organizations.home-organization.changed.v1": EventWords("home", _HOME_IS, _HOME_IS),
    "profile.organizations.profile.changed.v1": EventWords(
        "person",
        marked("Your profile was updated when you signed in"),
        marked("Your organization updated your profile"),
    ),
    "profile.organizations.account.disabled.v1": EventWords("ban", _BARRED, _BARRED),
    "profile.organizations.account.enabled.v1": EventWords("check", _UNBARRED, _UNBARRED),
    "profile.gateway.session.started.v1": EventWords(
        "enter", marked("You signed in to %(product)s"), marked("A session in %(product)s was started")
    ),
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


def event_icon(entry: ActivityEntry) -> str:
    """Name the icon for an entry of the history."""
    return EVENTS.get(entry.type, OTHERWISE).icon


def event_sentence(entry: ActivityEntry, language: str, *, product: str) -> str:
    """Tell an entry of the history in one sentence; names that people gave are shown as they are."""
    words = EVENTS.get(entry.type, OTHERWISE)
    within = method_words(entry.facts.get("method_type")).within.said(language)
    facts = {**entry.facts, "product": product, "method": within, "Method": within[:1].upper() + within[1:]}
    mine, others = words.by_type.get(str(entry.facts.get("method_type")), (words.you, words.system))
    said = mine if entry.by == "you" else others
    if words.nameless and entry.facts.get("name") is None:
        said = words.nameless
    said = words.by_reason.get(str(entry.facts.get(words.by)), said)
    try:
        return said.said(language, facts)
    except KeyError:
        return (OTHERWISE.you if entry.by == "you" else OTHERWISE.system).said(language)
