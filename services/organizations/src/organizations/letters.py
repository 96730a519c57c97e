"""The words of letters to the address that the directory knows."""

from collections.abc import Awaitable, Callable

from organizations.account import Account
from shared.letters import Letter
from shared.sending import Mail
from shared.sending.carrying import Message
from shared.telling.look import Look


class Letters:
    """Write letters out."""

    def __init__(self, look: Look, name_of: Callable[[str], Awaitable[str | None]]) -> None:
        self._look = look
        self._name_of = name_of

    async def compose(self, letter: Letter, account: Account) -> Message:
        """Write a letter out."""
        said = f"{account.notices}"
        return Mail(letter.to, self._look.product, said, f"<p>{said}</p>", letter.id)
