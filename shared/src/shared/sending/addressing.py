"""Letters, written out for the channel that they go by."""

from collections.abc import Mapping

from shared.letters import Letter
from shared.noticing import Notice
from shared.sending.carrying import Call, Mail, Message, NotNow, Text
from shared.telling.look import Look
from shared.telling.writing import Said, language_of, written


def addressed(letter: Letter, said: Said, look: Look) -> Message:
    """Write out what a letter says, to whom it goes."""
    language = language_of(letter.language)
    match letter.channel:
        case "mail":
            mail = written(said.sheet, look, language)
            return Mail(to=letter.to, subject=mail.subject, text=mail.text, html=mail.html, id=letter.id)
        case "text":
            return Text(to=letter.to, text=said.text, language=language, id=letter.id)
        case "call":
            return Call(to=letter.to, text=said.spoken, language=language, id=letter.id)


def notice_of(letter: Letter, notices: Mapping[str, Notice]) -> Notice:
    """Give the notice that a letter carries; raises `NotNow` where it is not there or tells nothing.

    Both are written and taken out together, so that it is missing only by an error: nobody gets a letter that says
    nothing, and when it expires the log and the history tell that it was given up.
    """
    notice = notices.get(letter.about or "")
    if notice is None or not notice.told:
        raise NotNow("no notice to carry")
    return notice


def not_known_here(letter: Letter) -> NotNow:
    """Give what to raise for a kind of letter that only a newer process can write out."""
    return NotNow(f"kind {letter.kind[:20]}")
