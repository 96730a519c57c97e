"""The words of the letters that security-info sends: codes, and notices of what happened."""

from collections.abc import Callable

from security_info.methods import Reachable
from security_info.model import SecurityInfo
from security_info.reaching import CODE
from shared.letters import Letter
from shared.noticing import KIND
from shared.sending.addressing import addressed, not_known_here, notice_of
from shared.sending.carrying import Message, Overtaken
from shared.telling.look import Look
from shared.telling.message import marked
from shared.telling.notices import YOUR_ORGANIZATION, notice_words
from shared.telling.plain import for_speaking, for_texting, harmless
from shared.telling.writing import Code, Heading, Paragraph, Said, Sheet, Speech, language_of

_SUBJECT = marked("Your code for %(product)s")
_PREHEADER = marked("Good until %(clock)s. Do not share it with anyone.")
_TYPE_IT = marked("Type this code where you were asked for it. It is for your account with %(organization)s.")
_UNTIL = marked("You can use it once, until %(moment)s.")
_SECRET = marked("Keep it to yourself")
_NOBODY_ASKS = marked(
    "We never ask you for this code, and nobody at %(organization)s does: not on the phone, not in a message, "
    "not in person. Whoever asks for it wants to get into your account."
)
_NOT_ASKED = marked("If you did not ask for a code")
_IGNORE = marked(
    "You can delete this message: without the code nobody gets any further. Somebody may have typed your address by "
    "mistake. If it happens again, tell %(organization)s."
)
_FOOTER = marked("%(product)s sent this because a code was asked for. Answers to this message are not read.")
_TEXT = marked("%(code)s is your code for %(product)s, good until %(clock)s. Do not share it with anyone.")
_SPOKEN = marked(
    "Hello. This is %(product)s, for your account with %(organization)s. Your code is: %(digits)s. "
    "Once again, your code is: %(digits)s. Do not share it with anyone. "
    "If you did not ask for a code, just hang up. Goodbye."
)


class Letters:
    """Write out the letters of an account; *name_of* tells what an organization is called, where it is known."""

    def __init__(self, look: Look, name_of: Callable[[str | None], str | None]) -> None:
        self._look = look
        self._name_of = name_of

    async def compose(self, letter: Letter, info: SecurityInfo) -> Message:
        """Write a letter out; raises `NotNow` for what cannot be written here."""
        organization, look = self._name_of(info.home()), self._look.for_reader(info.preferred)
        match letter.kind:
            case kind if kind == CODE:
                refuse_overtaken(letter, info)
                said = code_words(letter, look, organization)
            case kind if kind == KIND:
                notice = notice_of(letter, info.notices)
                said = notice_words(notice, look, language_of(letter.language), organization)
            case _:
                raise not_known_here(letter)
        return addressed(letter, said, look)


def refuse_overtaken(letter: Letter, info: SecurityInfo) -> None:
    """Raise `Overtaken` for a code that nobody waits for any more: another was sent, or it was given up."""
    reachable = (method for method in info.known().values() if isinstance(method, Reachable))
    sent = [holder.sent for holder in (*reachable, *info.challenges.values())]
    if not any(code and code.letter == letter.id for code in sent):
        raise Overtaken("no code that is waited for")


def code_words(letter: Letter, look: Look, organization: str | None) -> Said:
    """Say a code; *organization* is what the home organization is called."""
    language, code = language_of(letter.language), str(letter.fields["code"])
    say = Speech(
        language,
        {
            "product": look.product,
            "organization": harmless(organization or "") or YOUR_ORGANIZATION.said(language),
            "clock": look.clock(letter.expires_at, language),
            "moment": look.moment(letter.expires_at, language),
        },
    )
    blocks = (
        Paragraph(say(_TYPE_IT)),
        Code(code),
        Paragraph(say(_UNTIL)),
        Heading(say(_SECRET)),
        Paragraph(say(_NOBODY_ASKS)),
        Heading(say(_NOT_ASKED)),
        Paragraph(say(_IGNORE)),
    )
    subject = say(_SUBJECT)
    return Said(
        sheet=Sheet(subject, say(_PREHEADER), heading=subject, blocks=blocks, footer=say(_FOOTER)),
        # By its last line a browser knows for which site a code is (WICG, origin-bound one-time codes).
        text=f"{for_texting(say(_TEXT, code=code))}\n\n@{look.host} #{code}",
        spoken=for_speaking(say(_SPOKEN, digits=", ".join(code))),
    )
