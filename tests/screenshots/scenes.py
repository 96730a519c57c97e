"""What is pictured: every page, in the states in which people meet it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.screenshots.cast import FORSAKEN, MANY, OTHERWISE

FULL, LONG, EMPTY, PROVING, BY_PHONE, DISABLED = "alice", "chandra", "dalia", "bob", "farida", "erik"
NOBODY, MAILBOX = "nobody", "mailbox"
"""Demo people; with nobody's browser and the one before the mailbox nobody signed in."""

_PAGES: Mapping[str, Mapping[str, str]] = {
    FULL: {
        "overview": "/",
        "security-info": "/security-info",
        "method-add": "/security-info/add",
        "method-add-app": "/security-info/add/authenticator-app",
        "method-add-key": "/security-info/add/security-key",
        "method-add-questions": "/security-info/add/security-questions",
        "method-add-codes": "/security-info/add/recovery-codes",
        "method-add-password": "/security-info/add/app-password",
        "method-replace": "/security-info/add?replaces={key}",
        "method-setup": "/security-info/methods/{setup}/setup",
        "method-setup-key": "/security-info/methods/{key_setup}/setup?replaces={key}",
        "method-rename": "/security-info/methods/{method}/rename",
        "method-remove": "/security-info/methods/{key}/remove",
        "devices": "/devices",
        "device-rename": "/devices/CON-LT-2041/rename",
        "device-disable": "/devices/CON-LT-2041/disable",
        "device-renamed": "/devices?done=renamed",
        "device-asked-back": "/devices?done=asked-back",
        "device-disabled-gone": "/devices?done=disabled-gone",
        "device-disabled-unsafe": "/devices?done=disabled-unsafe",
        "recovery-keys": "/devices/FAB-7731/recovery-keys",
        "recovery-keys-asked": "/devices/FAB-7731/recovery-keys?done=asked",
        "recovery-keys-none": "/devices/a-phone/recovery-keys",
        "organizations": "/organizations",
        "organization-left": "/organizations?done=left",
        "organization-leave": "/organizations/fabrikam/leave",
        "organization-leave-home": "/organizations/contoso/leave",
        "organization-leave-forbidden": "/organizations/northwind/leave",
        "privacy": "/privacy",
        "privacy-accepted": "/privacy?done=accepted",
        "privacy-disconnected": "/privacy?done=disconnected",
        "terms": "/privacy/terms/contoso~use",
        "terms-accepted": "/privacy/terms/contoso~wireless",
        "terms-earlier": "/privacy/terms/fabrikam~guests?version=3.1",
        "service-disconnect": "/privacy/services/contoso~expenses/disconnect",
        "service-disconnect-forbidden": "/privacy/services/contoso~mail/disconnect",
        "sessions": "/sessions",
        "sign-out-everywhere": "/sessions/sign-out-everywhere",
        "settings": "/settings",
        "settings-saved": "/settings?done=saved",
        "activity": "/activity",
        "activity-sign-ins": "/activity?part=sign_ins",
        "problem": "/devices/none/rename",
    },
    LONG: {
        "overview": "/",
        "security-info": "/security-info",
        "method-add": "/security-info/add",
        "devices": "/devices",
        "device-rename": "/devices/c-12/rename",
        "device-disable": "/devices/c-01/disable",
        "device-disable-other-way": "/devices/c-08/disable",
        "device-disable-same-name": "/devices/c-15-stock-0815/disable",
        "recovery-keys": "/devices/c-04/recovery-keys",
        "organizations": "/organizations",
        "organization-leave": "/organizations/tailspin/leave",
        "privacy": "/privacy",
        "terms": "/privacy/terms/tailspin~labb",
    },
    EMPTY: {
        "overview": "/",
        "security-info": "/security-info",
        "method-add": "/security-info/add",
        "devices": "/devices",
        "organizations": "/organizations",
        "privacy": "/privacy",
        "sessions": "/sessions",
        "activity": "/activity",
    },
    PROVING: {"prove": "/security-info/add", "devices": "/devices", "organizations": "/organizations"},
    BY_PHONE: {"prove-phone": "/security-info/add", "devices": "/devices", "organizations": "/organizations"},
    MANY: {
        "devices": "/devices",
        "devices-found": "/devices?q=thinkpad+000",
        "devices-not-found": "/devices?q=fridge",
        "organization-leave-owned": "/organizations/wingtip/leave",
    },
    OTHERWISE: {
        "devices": "/devices",
        "device-rename": "/devices/h-1/rename",
        "device-disable": "/devices/h-2/disable",
        "recovery-keys": "/devices/h-1/recovery-keys",
        "organizations": "/organizations",
        "organization-leave": "/organizations/alnoor/leave",
        "privacy": "/privacy",
        "terms": "/privacy/terms/alnoor~use",
    },
    DISABLED: {"problem": "/"},
    FORSAKEN: {"problem": "/"},
    NOBODY: {
        "signed-out": "/signed-out",
        "problem": "/signed-in",
        "problem-type": "/problems/code_incorrect",
        "api-docs": "/api/docs",
        "styleguide": "/styleguide",
    },
}
_CODES: Mapping[str, Mapping[str, str]] = {
    LONG: {
        "method-add-phone": "/security-info/add/phone",
        "method-add-email": "/security-info/add/email",
        "method-change-email": "/security-info/methods/{email}/change",
        "code-of-change-email": "/security-info/methods/{email}/setup",
        "code-sent": "/security-info/methods/{sent}/setup",
    },
    FULL: {
        "method-change": "/security-info/methods/{phone}/change",
        "code-of-change": "/security-info/methods/{phone}/setup",
    },
}
"""Pages of phones and addresses, pictured first: a code is good for minutes only."""
_MAILBOX: Mapping[str, str] = {
    "mailbox": "{mailbox}/",
    "mailbox-texts": "{mailbox}/?channel=text",
    "mailbox-nothing": "{mailbox}/?channel=call&to=alice@contoso.example",
    "mail-code": "{mailbox}{mail_code}",
    "mail-notice": "{mailbox}{mail_notice}",
    "text-code": "{mailbox}{text_code}",
    "call-code": "{mailbox}{call_code}",
    "mailbox-gone": "{mailbox}/letters/none",
}
_SENDS = "main form button:not([type=button])"
_DIALOGS: Mapping[str, tuple[str, str, str]] = {
    "dialog-sign-out-everywhere": (FULL, "/sessions", "/sessions/sign-out-everywhere"),
    "dialog-device-disable": (FULL, "/devices", "/devices/CON-LT-2041/disable"),
    "dialog-device-disable-other-way": (OTHERWISE, "/devices", "/devices/h-1/disable"),
    "dialog-organization-leave": (FULL, "/organizations", "/organizations/fabrikam/leave"),
    "dialog-organization-leave-other-way": (OTHERWISE, "/organizations", "/organizations/alnoor/leave"),
    "dialog-service-disconnect": (FULL, "/privacy", "/privacy/services/contoso~expenses/disconnect"),
    "dialog-method-remove": (FULL, "/security-info", "/security-info/methods/{key}/remove"),
}
"""Who is on which page, and the address of the question that is asked over it."""
_REFUSED: Mapping[str, tuple[str, str, str]] = {
    "refused-number": (LONG, "/security-info/add/phone", "12 34"),
    "refused-way": (LONG, "/security-info/add/phone", "08-465 004 12"),
    "refused-address": (LONG, "/security-info/add/email", "chandra@contoso.example"),
    "refused-sent-code": (LONG, "/security-info/methods/{sent}/setup", "000000"),
    "refused-change": (FULL, "/security-info/methods/{phone}/change", "08-465 004 12"),
    "refused-name": (
        FULL,
        "/devices/CON-LT-2041/rename",
        "The laptop on my desk in Stockholm, which I also take along to Lund",
    ),
    "refused-code": (FULL, "/security-info/methods/{setup}/setup", "12 34"),
    "refused-questions": (FULL, "/security-info/add/security-questions", ""),
    "refused-reason": (FULL, "/devices/CON-LT-2041/disable", ""),
}
"""Who is on which page with a form, and what is typed into its field and not taken."""
_PROBLEMS = {
    *("problem", "mailbox-gone", "service-disconnect-forbidden"),
    *("organization-leave-home", "organization-leave-forbidden", "organization-leave-owned"),
}
"""Scenes of pages that say that something is wrong."""
_SENT: Mapping[str, tuple[str, str, str, str, tuple[str, ...]]] = {
    "shown-app-password": (FULL, "/security-info/add/app-password", _SENDS, "#secret", ("en", "sv")),
    "shown-recovery-key": (FULL, "/devices/CON-LT-2041/recovery-keys", _SENDS, "#secret", ("en", "sv")),
    "shown-long-recovery-key": (LONG, "/devices/c-04/recovery-keys", _SENDS, "#secret", ("en", "sv")),
    "shown-recovery-key-other-way": (OTHERWISE, "/devices/h-1/recovery-keys", _SENDS, "#secret", ("en", "sv")),
    # There is one set at a time, so that two browsers would replace each other's.
    "shown-recovery-codes": (EMPTY, "/security-info/add/recovery-codes", _SENDS, "#secret", ("sv",)),
    "shown-recovery-codes-again": (LONG, "/security-info/add/recovery-codes", _SENDS, "#secret", ("en",)),
    # One code is sent at a time, so that two browsers would be too early for each other.
    "prove-phone-sent": (BY_PHONE, "/security-info/add", "[name=proof_send]", "#proof_code", ("en",)),
    "prove-phone-sent-too": (PROVING, "/security-info/add", "[name=proof_choose]:has(bdi)", ".resend", ("sv",)),
    "code-too-early": (LONG, "/security-info/methods/{sent}/setup", ".resend button", ".notice-warning", ("en", "sv")),
}
"""Who presses what on which page, for what then comes, in which languages."""


@dataclass(frozen=True)
class Scene:
    """One page as one person meets it."""

    account: str
    name: str
    path: str
    asks: str | None = None
    """The address of the link that opens a dialog over the page."""
    typed: str | None = None
    """What is typed into the form before it is sent."""
    presses: str = ""
    """The button that sends a form as it is (CSS), for *comes* (CSS)."""
    comes: str = ""
    languages: tuple[str, ...] = ("en", "sv")
    forced_colors: bool = False

    @property
    def is_problem(self) -> bool:
        """Tell whether the page is to say that something is wrong."""
        return self.name in _PROBLEMS

    @property
    def called(self) -> str:
        """Give the scene's name, with its account's."""
        return f"{self.account}/{self.name}"

    def file(self, width: int, scheme: str, language: str) -> str:
        """Name the picture, as in `alice/overview-390-dark-sv.png`."""
        return f"{self.called}-{width}-{scheme}-{language}.png"


def scenes(**ids: str) -> list[Scene]:
    """Give every scene; *ids* are those that paths name in braces."""
    return [
        *(
            Scene(account, name, path.format(**ids))
            for account, pages in (*_CODES.items(), *_PAGES.items())
            for name, path in pages.items()
        ),
        *(Scene(who, name, path, asks=asks.format(**ids)) for name, (who, path, asks) in _DIALOGS.items()),
        *(Scene(who, name, path.format(**ids), typed=typed) for name, (who, path, typed) in _REFUSED.items()),
        *(
            Scene(account, name, path.format(**ids), presses=pressed, comes=comes, languages=languages)
            for name, (account, path, pressed, comes, languages) in _SENT.items()
        ),
        *(Scene(MAILBOX, name, path.format(**ids), languages=("en",)) for name, path in _MAILBOX.items()),
        Scene(FULL, "overview-forced-colors", "/", forced_colors=True),
    ]
