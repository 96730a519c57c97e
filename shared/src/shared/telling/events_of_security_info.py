"""Words for what happens to methods."""

from shared.telling.event import EventWords
from shared.telling.message import marked

_DEFAULT_IS = marked("%(Method)s “%(name)s” became your default method")
_SETUP_FAILED = marked("The setup of %(method)s ended after too many incorrect codes")
_KEY_SETUP_FAILED = marked("The setup of a security key ended after too many failed tries")
_LOCKED = marked("%(Method)s “%(name)s” was locked for a while after too many wrong answers")
_CODES_LOCKED = marked("Your recovery codes were locked for a while after too many wrong ones")
_QUESTIONS_LOCKED = marked("Your security questions were locked for a while after too many wrong answers")
_UNLOCKED = marked("Your organization lifted the locks of your methods")
_CODE_USED = marked("A recovery code was used (%(remaining)s left)")
_CODE_ISSUED = marked("Your organization issued a temporary access code for you")
_CODE_VOIDED = marked("A temporary access code became void after too many wrong ones were tried")

EVENTS_OF_SECURITY_INFO: dict[str, EventWords] = {
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
    "profile.security-info.method.change-started.v1": EventWords(
        "swap",
        marked("You began to change %(method)s “%(name)s”"),
        marked("A change of %(method)s “%(name)s” was begun"),
        by_type={
            "phone": (
                marked(
                    "You gave a new number for the phone “%(name)s”; the old one counts until the new one is confirmed"
                ),
                marked(
                    "A new number was given for the phone “%(name)s”; the old one counts until the new one is confirmed"
                ),
            ),
            "email": (
                marked(
                    "You gave a new e-mail address for “%(name)s”; the old one counts until the new one is confirmed"
                ),
                marked(
                    "A new e-mail address was given for “%(name)s”; the old one counts until the new one is confirmed"
                ),
            ),
        },
    ),
    "profile.security-info.method.changed.v1": EventWords(
        "swap",
        marked("You changed %(method)s “%(name)s”"),
        marked("%(Method)s “%(name)s” was changed"),
        by_type={
            "phone": (
                marked("You changed the number of the phone “%(name)s”"),
                marked("The number of the phone “%(name)s” was changed"),
            ),
            "email": (
                marked("You changed the e-mail address of “%(name)s”"),
                marked("The e-mail address of “%(name)s” was changed"),
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
}
