"""What is pictured: every page, in the states in which people meet it."""

from collections.abc import Mapping
from dataclasses import dataclass

FULL, LONG, EMPTY, PROVING, DISABLED, NOBODY = "alice", "chandra", "dalia", "bob", "erik", "nobody"
"""Demo people; nobody is a browser that nobody signed in with."""

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
        "recovery-keys": "/devices/FAB-7731/recovery-keys",
        "organizations": "/organizations",
        "organization-leave": "/organizations/fabrikam/leave",
        "privacy": "/privacy",
        "sessions": "/sessions",
        "sign-out-everywhere": "/sessions/sign-out-everywhere",
        "activity": "/activity",
        "problem": "/devices/none/rename",
    },
    LONG: {
        "overview": "/",
        "security-info": "/security-info",
        "method-add": "/security-info/add",
        "devices": "/devices",
        "device-rename": "/devices/c-12/rename",
        "device-disable": "/devices/c-01/disable",
        "organizations": "/organizations",
        "organization-leave": "/organizations/tailspin/leave",
        "privacy": "/privacy",
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
    PROVING: {"prove": "/security-info/add"},
    DISABLED: {"problem": "/"},
    NOBODY: {
        "signed-out": "/signed-out",
        "problem": "/signed-in",
        "problem-type": "/problems/code_incorrect",
        "api-docs": "/api/docs",
        "styleguide": "/styleguide",
    },
}
_DIALOGS: Mapping[str, tuple[str, str]] = {
    "dialog-sign-out-everywhere": ("/sessions", "/sessions/sign-out-everywhere"),
    "dialog-device-disable": ("/devices", "/devices/CON-LT-2041/disable"),
    "dialog-organization-leave": ("/organizations", "/organizations/fabrikam/leave"),
    "dialog-method-remove": ("/security-info", "/security-info/methods/{key}/remove"),
}
"""The page, and the address of the question that is asked over it."""
_REFUSED: Mapping[str, tuple[str, str]] = {
    "refused-name": (
        "/devices/CON-LT-2041/rename",
        "The laptop on my desk in Stockholm, which I also take along to Lund",
    ),
    "refused-code": ("/security-info/methods/{setup}/setup", "12 34"),
    "refused-questions": ("/security-info/add/security-questions", ""),
    "refused-reason": ("/devices/CON-LT-2041/disable", ""),
}
"""The page with the form, and what is typed into its field and not taken."""
_SHOWN_ONCE: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "shown-app-password": (FULL, "/security-info/add/app-password", ("en", "sv")),
    "shown-recovery-key": (FULL, "/devices/CON-LT-2041/recovery-keys", ("en", "sv")),
    # There is one set at a time, so that two browsers would replace each other's.
    "shown-recovery-codes": (EMPTY, "/security-info/add/recovery-codes", ("sv",)),
    "shown-recovery-codes-again": (LONG, "/security-info/add/recovery-codes", ("en",)),
}
"""Who sends which form, in which languages, for what is shown a single time."""


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
    sends: bool = False
    """Whether the form is sent as it is, for what is shown once."""
    languages: tuple[str, ...] = ("en", "sv")
    forced_colors: bool = False

    @property
    def is_problem(self) -> bool:
        """Tell whether the page is to say that something is wrong."""
        return self.name == "problem"

    def file(self, width: int, scheme: str, language: str) -> str:
        """Name the picture, as in `alice/overview-390-dark-sv.png`."""
        return f"{self.account}/{self.name}-{width}-{scheme}-{language}.png"


def scenes(**ids: str) -> list[Scene]:
    """Give every scene; *ids* are those that paths name in braces."""
    return [
        *(
            Scene(account, name, path.format(**ids))
            for account, pages in _PAGES.items()
            for name, path in pages.items()
        ),
        *(Scene(FULL, name, path, asks=asks.format(**ids)) for name, (path, asks) in _DIALOGS.items()),
        *(Scene(FULL, name, path.format(**ids), typed=typed) for name, (path, typed) in _REFUSED.items()),
        *(
            Scene(account, name, path, sends=True, languages=languages)
            for name, (account, path, languages) in _SHOWN_ONCE.items()
        ),
        Scene(FULL, "overview-forced-colors", "/", forced_colors=True),
    ]
