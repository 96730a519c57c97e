"""Words for the security check-up: its verdict, and for each finding what was found, why it matters, what to do."""

from dataclasses import dataclass

from gateway.checkup import IDLE, NAMED, CheckUp, Finding
from shared.telling.message import Message, counted, marked


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """A verdict, and what it goes by."""

    icon: str
    title: Message
    lead: Message | None = None


@dataclass(frozen=True, slots=True)
class FindingWords:
    """A finding about none or one, about two, and about more things; where one goes from there; why it matters."""

    icon: str
    sentences: tuple[Message, ...]
    action: Message
    address: str
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class SaidFinding:
    """A finding in a language."""

    icon: str
    sentence: str
    reason: str | None
    action: str
    address: str


@dataclass(frozen=True, slots=True)
class SaidCheckUp:
    """A check-up in a language; *steps* are to be looked at, *unchecked* could not be checked."""

    verdict: str
    icon: str
    title: str
    lead: str | None
    steps: tuple[SaidFinding, ...]
    unchecked: tuple[SaidFinding, ...]


VERDICTS: dict[str, VerdictWords] = {
    "all_right": VerdictWords(
        "check",
        marked("Your account looks all right"),
        marked("Going by your security info and your devices, there is nothing that you need to do."),
    ),
    "to_look_at": VerdictWords(
        "shield", counted("%(count)s thing to look at", "%(count)s things to look at", by="count")
    ),
    "partly_unchecked": VerdictWords(
        "info",
        marked("Some of your account cannot be checked right now"),
        marked("In what could be checked, there is nothing that you need to do."),
    ),
    "unchecked": VerdictWords("info", marked("Your account cannot be checked right now")),
}

FINDINGS: dict[str, FindingWords] = {
    "password_known": FindingWords(
        "warning",
        (marked("Somebody who knows your password may have tried to sign in"),),
        marked("See when and where"),
        "/activity?part=sign_ins&result=not_succeeded",
        marked("The right password was given, and not the second step. If it was not you, change your password."),
    ),
    "no_method": FindingWords(
        "key",
        (marked("Your password alone protects this account"),),
        marked("Add a method"),
        "/security-info/add",
        marked("With a method for two-step verification, someone who learns the password still cannot get in."),
    ),
    "two_step_required": FindingWords(
        "building",
        (
            counted(
                "“%(first)s” requires %(number)s method for two-step verification",
                "“%(first)s” requires %(number)s methods for two-step verification",
                by="number",
            ),
            counted(
                "“%(first)s” and “%(second)s” require %(number)s method for two-step verification",
                "“%(first)s” and “%(second)s” require %(number)s methods for two-step verification",
                by="number",
            ),
            counted(
                "Your organizations require %(number)s method for two-step verification",
                "Your organizations require %(number)s methods for two-step verification",
                by="number",
            ),
        ),
        marked("Add what is missing"),
        "/security-info/add",
        marked("Without it you may not get in where your organization asks for a second step."),
    ),
    "password_reset_required": FindingWords(
        "building",
        (
            counted(
                "“%(first)s” requires %(number)s type of method for resetting the password",
                "“%(first)s” requires %(number)s types of methods for resetting the password",
                by="number",
            ),
            counted(
                "“%(first)s” and “%(second)s” require %(number)s type of method for resetting the password",
                "“%(first)s” and “%(second)s” require %(number)s types of methods for resetting the password",
                by="number",
            ),
            counted(
                "Your organizations require %(number)s type of method for resetting the password",
                "Your organizations require %(number)s types of methods for resetting the password",
                by="number",
            ),
        ),
        marked("Add what is missing"),
        "/security-info/add",
        marked("Until then you cannot reset a forgotten password by yourself."),
    ),
    "methods_locked": FindingWords(
        "lock",
        (
            marked("“%(first)s” is locked after too many wrong answers"),
            marked("“%(first)s” and “%(second)s” are locked after too many wrong answers"),
            counted(
                "“%(first)s”, “%(second)s” and %(others)s other are locked after too many wrong answers",
                "“%(first)s”, “%(second)s” and %(others)s others are locked after too many wrong answers",
                by="others",
            ),
        ),
        marked("See what happened"),
        "/activity",
        marked("It ends by itself. If it was not you who tried, tell your organization."),
    ),
    "no_recovery_codes": FindingWords(
        "codes",
        (marked("You have no recovery codes"),),
        marked("Make recovery codes"),
        "/security-info/add/recovery-codes",
        marked("On paper, in a safe place, they get you in when your phone or key does not."),
    ),
    "recovery_codes_few": FindingWords(
        "codes",
        (counted("Only %(number)s recovery code is left", "Only %(number)s recovery codes are left", by="number"),),
        marked("Make new codes"),
        "/security-info/add/recovery-codes",
        marked("Make new ones while you can still get in. The old ones then stop working."),
    ),
    "recovery_codes_used_up": FindingWords(
        "codes",
        (marked("Your recovery codes are used up"),),
        marked("Make new codes"),
        "/security-info/add/recovery-codes",
        marked("Make new ones while you can still get in."),
    ),
    "devices_not_compliant": FindingWords(
        "warning",
        (
            marked("“%(first)s” does not meet the requirements"),
            marked("“%(first)s” and “%(second)s” do not meet the requirements"),
            counted(
                "“%(first)s”, “%(second)s” and %(others)s other do not meet the requirements",
                "“%(first)s”, “%(second)s” and %(others)s others do not meet the requirements",
                by="others",
            ),
        ),
        marked("See what needs to be fixed"),
        "/devices",
        marked("Your organization may not let the device in until that is done."),
    ),
    "terms_waiting": FindingWords(
        "codes",
        (counted("Terms of use wait for you", "%(number)s terms of use wait for you", by="number"),),
        marked("Read the terms"),
        "/privacy",
        marked("You are asked to read them, and to accept them if you agree."),
    ),
    "single_method": FindingWords(
        "phone",
        (marked("“%(first)s” is your only method for two-step verification"),),
        marked("Add a second method"),
        "/security-info/add",
        marked("With a second one, losing a phone does not lock you out."),
    ),
    "devices_idle": FindingWords(
        "clock",
        (
            marked("“%(first)s” has not been active for %(days)s days"),
            marked("“%(first)s” and “%(second)s” have not been active for %(days)s days"),
            counted(
                "“%(first)s”, “%(second)s” and %(others)s other have not been active for %(days)s days",
                "“%(first)s”, “%(second)s” and %(others)s others have not been active for %(days)s days",
                by="others",
            ),
        ),
        marked("Manage devices"),
        "/devices",
        marked("Disable what you no longer have, so that nobody else can use it for your account."),
    ),
    "security_info_unchecked": FindingWords(
        "shield", (marked("Your security info is not checked"),), marked("Try again"), "/"
    ),
    "devices_unchecked": FindingWords("laptop", (marked("Your devices are not checked"),), marked("Try again"), "/"),
}


def said(checked: CheckUp, language: str) -> SaidCheckUp:
    """Word a check-up in *language*."""
    words = VERDICTS[checked.verdict]
    return SaidCheckUp(
        verdict=checked.verdict,
        icon=words.icon,
        title=words.title.said(language, {"count": len(checked.steps)}),
        lead=words.lead.said(language) if words.lead else None,
        steps=tuple(_said(finding, language) for finding in checked.steps),
        unchecked=tuple(_said(finding, language) for finding in checked.unchecked),
    )


def _said(finding: Finding, language: str) -> SaidFinding:
    words = FINDINGS[finding.key]
    names = dict(zip(("first", "second"), finding.names, strict=False))
    fields = {**names, "others": finding.count - NAMED, "days": IDLE.days, "number": finding.number}
    return SaidFinding(
        icon=words.icon,
        sentence=words.sentences[max(0, min(finding.count, len(words.sentences)) - 1)].said(language, fields),
        reason=words.reason.said(language) if words.reason else None,
        action=words.action.said(language),
        address=words.address,
    )
