"""What letters say arrives in both parts, over a real SMTP server, whatever people are called."""

import pytest

from organizations.account import Account
from organizations.letters import Letters as WorkLetters
from security_info.letters import Letters
from shared.sending import MailCarrier
from tests.component.smtp import Mailbox, at_home, serving
from tests.unit.furnished import member_of
from tests.unit.telling_letters import CODE, TO, letter, look, mail, named, notice, noticed, waiting_for_a_code

NAMES = [
    "Min telefon",
    "هاتف",
    "x\r\nBcc: eve@evil.example\r\n\r\n<p>",
    "=?utf-8?q?=0D=0ABcc:_eve=40evil.example?=",
    "ö" * 60,
]


async def carried(message):
    """Give the one e-mail that a server takes."""
    mailbox = Mailbox()
    async with serving(mailbox):
        await MailCarrier(**at_home(port=mailbox.port, security="none")).carry(message)
    (envelope,), (written,) = mailbox.taken, mailbox.mails
    assert envelope.rcpt_tos == [TO]
    assert "Bcc" not in written
    assert not written.defects
    return written


def parts(written):
    return [part.get_content().replace("\r\n", "\n") for part in written.iter_parts()]


@pytest.mark.parametrize("language", ["en", "sv"])
async def test_a_code_arrives(language):
    letters = Letters(look(), {"contoso": "Contoso"}.get)
    info = waiting_for_a_code(member_of("contoso"))
    message = await letters.compose(letter("code", language=language), info)
    written = await carried(message)
    assert CODE not in str(written["Subject"])
    assert parts(written) == [message.text, message.html]
    assert all(CODE in part for part in parts(written))


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("name", NAMES)
async def test_a_notice_arrives_whatever_things_are_called(name, language):
    async def name_of(_organization):
        return name

    account = Account(home="contoso", notices={"n": notice(named(name))})
    message = await WorkLetters(look(), name_of).compose(letter(language=language), account)
    written = await carried(message)
    assert parts(written) == [message.text, message.html]
    expected = mail(noticed(named(name), language=language), language).subject
    assert str(written["Subject"]) == expected.replace("=?", "= ?")
