"""The words of the letters that organizations sends: notices of what happened."""

from collections.abc import Awaitable, Callable

from organizations.account import Account
from shared.letters import Letter
from shared.noticing import KIND
from shared.sending.addressing import addressed, not_known_here, notice_of
from shared.sending.carrying import Message
from shared.telling.look import Look
from shared.telling.notices import notice_words
from shared.telling.writing import language_of


class Letters:
    """Write out the letters of an account; *name_of* tells what an organization is called, where it is known."""

    def __init__(self, look: Look, name_of: Callable[[str], Awaitable[str | None]]) -> None:
        self._look = look
        self._name_of = name_of

    async def compose(self, letter: Letter, account: Account) -> Message:
        """Write a letter out; raises `NotNow` for what cannot be written here."""
        if letter.kind != KIND:
            raise not_known_here(letter)
        notice = notice_of(letter, account.notices)
        organization = await self._name_of(account.home) if account.home else None
        look = self._look.for_reader(account.preferred)
        said = notice_words(notice, look, language_of(letter.language), organization)
        return addressed(letter, said, look)
