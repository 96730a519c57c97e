"""Words for sign-ins, as an identity provider tells of them: what came of each, and what to do if it was not you."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.telling.message import Message, marked


@dataclass(frozen=True, slots=True)
class SignInWords:
    """The sentence with the application's name and without, and the advice for who does not recognise the sign-in.

    *password_first* tells whether the password is what to change before anything else; an *alarming* one is to be seen
    at once, since the password was or may have been right, and it was not the person who decided how it ended.
    """

    icon: str
    named: Message
    nameless: Message
    advice: Message
    password_first: bool = True
    alarming: bool = False

    def sentence(self, facts: Mapping[str, Any]) -> Message:
        """Give the sentence that *facts* have enough to tell in."""
        return self.nameless if facts.get("application") is None else self.named


_SUCCESS = SignInWords(
    "enter",
    marked("Your account was signed in to “%(application)s”"),
    marked("Your account was signed in"),
    marked(
        "Then someone else knows your password and got past every other step. "
        "Change the password, then check your security info and remove what is not yours."
    ),
)
_FIRST = SignInWords(
    "lock",
    marked("A sign-in to “%(application)s” failed at the first step, such as the password"),
    marked("A sign-in failed at the first step, such as the password"),
    marked(
        "Whoever tried did not know the password, so it need not change. "
        "Make sure that you have a second step, so that a guessed password alone lets nobody in."
    ),
    password_first=False,
)
_KNEW_THE_PASSWORD = marked(
    "Whoever tried had the right password. Change it, then check your security info and remove what is not yours."
)
_SECOND = SignInWords(
    "warning",
    marked("A sign-in to “%(application)s” failed at the second step, after the right password"),
    marked("A sign-in failed at the second step, after the right password"),
    _KNEW_THE_PASSWORD,
    alarming=True,
)
_BLOCKED = SignInWords(
    "warning",
    marked("A sign-in to “%(application)s” was blocked"),
    marked("A sign-in was blocked"),
    marked(
        "Nobody got in: a rule of your organization stopped it. Whether the password was right is not known. "
        "To be safe, change it and check your security info."
    ),
    alarming=True,
)
_FAILED = SignInWords(
    "question",
    marked("A sign-in to “%(application)s” failed"),
    marked("A sign-in failed"),
    marked("Nobody got in, but the password may have been right. To be safe, change it and check your security info."),
)
_INTERRUPTED = SignInWords(
    "warning",
    marked("A sign-in to “%(application)s” was interrupted"),
    marked("A sign-in was interrupted"),
    marked(
        "Nobody got in: a page was closed, or a further step was not taken. The password may have been right. "
        "To be safe, change it and check your security info."
    ),
    alarming=True,
)
_INTERRUPTED_FIRST = SignInWords(
    "unlink",
    marked("A sign-in to “%(application)s” was interrupted at the first step, such as the password"),
    marked("A sign-in was interrupted at the first step, such as the password"),
    _FIRST.advice,
    password_first=False,
)
_INTERRUPTED_SECOND = SignInWords(
    "warning",
    marked("A sign-in to “%(application)s” was interrupted at the second step, after the right password"),
    marked("A sign-in was interrupted at the second step, after the right password"),
    _KNEW_THE_PASSWORD,
    alarming=True,
)
_OTHERWISE = SignInWords(
    "question",
    marked("There was a sign-in to “%(application)s”"),
    marked("There was a sign-in"),
    marked("Change the password, then check your security info and remove what is not yours."),
)
_BY_REASON: Mapping[str, Mapping[str | None, SignInWords]] = {
    "success": {},
    "failure": {"first_factor": _FIRST, "second_factor": _SECOND, "blocked": _BLOCKED},
    "interrupted": {
        "first_factor": _INTERRUPTED_FIRST,
        "second_factor": _INTERRUPTED_SECOND,
        "blocked": _BLOCKED,
    },
}
_BY_STATUS = {"success": _SUCCESS, "failure": _FAILED, "interrupted": _INTERRUPTED}


def sign_in_words(facts: Mapping[str, Any]) -> SignInWords:
    """Give the words for a sign-in by its status and, where it did not succeed, the reason."""
    status, reason = str(facts.get("status")), facts.get("reason")
    return _BY_REASON.get(status, {}).get(reason, _BY_STATUS.get(status, _OTHERWISE))
