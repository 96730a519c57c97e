"""The words of letters to a person's own phones and addresses."""

from collections.abc import Callable

from security_info.model import SecurityInfo
from shared.letters import Letter
from shared.sending import Call, Mail, Text
from shared.sending.carrying import Message
from shared.telling.look import Look


class Letters:
    """Write letters out."""

    def __init__(self, look: Look, name_of: Callable[[str | None], str | None]) -> None:
        self._look = look
        self._name_of = name_of

    async def compose(self, letter: Letter, info: SecurityInfo) -> Message:
        """Write a letter out."""
        said = f"{letter.fields.get('code', info.notices)}"
        if letter.channel == "mail":
            return Mail(letter.to, self._look.product, said, f"<p>{said}</p>", letter.id)
        kind = Text if letter.channel == "text" else Call
        return kind(letter.to, said, letter.language, letter.id)
