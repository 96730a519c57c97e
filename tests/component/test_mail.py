"""How e-mails go out, to a real SMTP server."""

import asyncio
import ssl
import time
from email.headerregistry import Address
from email.utils import parsedate_to_datetime

import aiosmtpd.smtp
import pytest

from onebox.ports import HOST, free_port
from shared.facts import now
from shared.sending import Mail, MailCarrier, Never, NotNow
from tests.component.smtp import PASSWORD, USER, Mailbox, at_home, certified, serving
from tests.waiting import until

TO = "asa.lindqvist@contoso.example"


def mail(**other):
    told = {
        "to": TO,
        "subject": "Din kod",
        "text": "Hej Åsa!\n\nDin kod är 718402.\n.\n.. och en rad som är väldigt lång " + "å" * 900 + "\n",
        "html": "<p>Hej Åsa!</p>\n<p>Din kod är <strong>718402</strong>.</p>\n",
        "id": "0198c0de-0000-7000-8000-000000000001",
        **other,
    }
    return Mail(**told)


def carrier(mailbox, security="none", **other):
    return MailCarrier(**at_home(port=mailbox.port, security=security, **other))


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return certified(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A certificate of a trusted authority, for another host."""
    return certified(tmp_path_factory.mktemp("elsewhere"), "127.0.0.9")


async def refused(sending, kind=NotNow, **other):
    """Give what a carrier says of an e-mail that it could not hand over."""
    with pytest.raises(kind) as error:
        await sending.carry(mail(**other))
    assert type(error.value) is kind
    said = str(error.value)
    assert TO not in said
    assert "718402" not in said
    assert error.value.__suppress_context__ or error.value.__context__ is None
    return said


async def test_over_tls(mailbox, certificates):
    server, client = certificates
    async with serving(mailbox, tls=server):
        await carrier(mailbox, "tls", context=client).carry(mail())
    assert mailbox.mails[0]["To"] == TO


async def test_with_starttls_and_a_password(mailbox, certificates):
    server, client = certificates
    async with serving(mailbox, starttls=server, signs_in=True):
        await carrier(mailbox, "starttls", context=client, user=USER, password=PASSWORD).carry(mail())
        assert mailbox.encrypted == [True]
        assert mailbox.users == [USER]
        wrong = carrier(mailbox, "starttls", context=client, user=USER, password="wrong")
        assert await refused(wrong) == "server 535"  # which somebody may put right
    assert len(mailbox.taken) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_server_that_nobody_vouches_for_gets_nothing(mailbox, certificates, elsewhere, security):
    for (server, _), context in ((certificates, None), (elsewhere, elsewhere[1]), (certificates, elsewhere[1])):
        async with serving(mailbox, **{security: server}):
            await refused(carrier(mailbox, security, context=context))
    assert mailbox.taken == []
    assert mailbox.users == []


async def test_a_server_without_starttls_gets_nothing(mailbox, certificates):
    async with serving(mailbox):
        await refused(carrier(mailbox, "starttls", context=certificates[1]))
    assert mailbox.taken == []


async def test_the_envelope_and_the_headers(mailbox):
    async with serving(mailbox):
        await carrier(mailbox).carry(mail())
    (envelope,), (written,) = mailbox.taken, mailbox.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@portal.example", [TO])
    assert written["From"].addresses == (Address("Contosos självservice", addr_spec="no-reply@portal.example"),)
    assert written["To"].addresses == (Address(addr_spec=TO),)
    assert written["Subject"] == "Din kod"
    assert abs((parsedate_to_datetime(written["Date"]) - now()).total_seconds()) < 5
    assert written["Message-ID"] == "<0198c0de-0000-7000-8000-000000000001@portal.example>"
    assert written["Auto-Submitted"] == "auto-generated"
    assert sorted(map(str.lower, written.keys())) == sorted(
        ["from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"]
    )
    assert not written.defects


async def test_both_parts_say_what_was_given_in_lines_that_every_server_takes(mailbox):
    sent = mail()
    async with serving(mailbox):
        await carrier(mailbox).carry(sent)
    (written,) = mailbox.mails
    assert written.get_content_type() == "multipart/alternative"
    plain, html = written.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == sent.text
    assert html.get_content().replace("\r\n", "\n") == sent.html
    lines = mailbox.taken[0].original_content.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert mailbox.taken[0].original_content.isascii()


@pytest.mark.parametrize(
    "subject",
    [
        "Åsa, din kod för Örebro är 718402",
        "Någon har ändrat hur du loggar in på Contoso; kontrollera att det var du som gjorde det, eller hör av dig",
        "dig: hur of Någon och (hör) hur I Någon 🔐 för Örebro 🔐 Någon",
        "A new phone number was added to your account at Contoso: if this was not you there is something to do",
        "Ny inloggning från Åmål 🔐 med Säkerhetsnyckel",
        'Commas, colons: and (parentheses) <angles> "quotes" = ?utf-8? 100 % & more',
        "å" * 300,
    ],
)
async def test_a_subject_with_any_letters_and_of_any_length_arrives(mailbox, subject):
    async with serving(mailbox):
        await carrier(mailbox).carry(mail(subject=subject))
    assert mailbox.mails[0]["Subject"] == subject
    assert max(map(len, mailbox.taken[0].original_content.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("line", ["\r\n", "\n", "\r", "\r\n\r\n", "\u2028", "\x0b", "\x85"])
async def test_nobody_adds_a_header_by_the_subject_or_the_address(mailbox, line):
    async with serving(mailbox):
        await carrier(mailbox).carry(mail(subject=f"Hello{line}Bcc: eve@evil.example{line}{line}<p>"))
        await refused(carrier(mailbox), Never, to=f"{TO}{line}Bcc: eve@evil.example")
    (envelope,), (written,) = mailbox.taken, mailbox.mails
    assert envelope.rcpt_tos == [TO]
    assert "Bcc" not in written
    assert written["Subject"] == "Hello Bcc: eve@evil.example <p>"
    assert written.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    "hidden", ["=?utf-8?q?=0D=0ABcc:_eve=40evil.example?=", "=?utf-8?b?DQpCY2M6IGVAZS5lDQoNCg==?="]
)
async def test_nobody_hides_a_header_in_what_would_be_decoded(mailbox, hidden):
    async with serving(mailbox):
        await carrier(mailbox).carry(mail(subject=f"Hello {hidden} there"))
    (written,) = mailbox.mails
    assert "Bcc" not in written
    assert written["Subject"] == f"Hello {hidden} there".replace("=?", "= ?")
    assert written.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    "to",
    [
        f"{TO}, eve@evil.example",
        f"{TO};eve@evil.example",
        f"Eve <{TO}>",
        f"<{TO}>",
        f"{TO}> SIZE=1",
        "alice",
        "@x.se",
        "",
    ],
)
async def test_what_is_not_one_address_is_never_sent(mailbox, to):
    async with serving(mailbox):
        assert await refused(carrier(mailbox), Never, to=to) == "no address"
    assert mailbox.taken == []


async def test_a_domain_with_any_letters_is_written_as_the_network_knows_it(mailbox):
    async with serving(mailbox):
        await carrier(mailbox).carry(mail(to="asa@räksmörgås.example"))
    assert mailbox.taken[0].rcpt_tos == ["asa@xn--rksmrgs-5wao1o.example"]
    assert mailbox.mails[0]["To"] == "asa@xn--rksmrgs-5wao1o.example"


async def test_a_name_with_any_letters_is_sent_where_the_server_knows_them_and_never_elsewhere(mailbox):
    async with serving(mailbox):
        assert await refused(carrier(mailbox), Never, to="åsa@contoso.example") == "address needs SMTPUTF8"
    async with serving(mailbox, enable_SMTPUTF8=True):
        await carrier(mailbox).carry(mail(to="åsa@contoso.example"))
    assert mailbox.taken[0].rcpt_tos == ["åsa@contoso.example"]
    assert "SMTPUTF8" in mailbox.taken[0].mail_options


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("code", "kind"), [(421, NotNow), (450, NotNow), (452, NotNow), (550, Never), (554, Never)])
async def test_what_the_server_says_of_an_email_counts_and_is_told_by_its_code_alone(mailbox, verb, code, kind):
    mailbox.answers[verb] = f"{code} {TO} said 718402"
    async with serving(mailbox):  # what is said of the sender is about us, whoever it is to
        assert str(code) in await refused(carrier(mailbox), NotNow if verb == "MAIL" else kind)
    assert mailbox.taken == []


@pytest.mark.parametrize("verb", ["RCPT", "DATA"])
async def test_what_the_operator_can_mend_is_tried_again(mailbox, verb):
    mailbox.answers[verb] = "550 5.7.1 relaying denied"
    async with serving(mailbox):
        await refused(carrier(mailbox), NotNow)


class Refusing(aiosmtpd.smtp.SMTP):
    """A server that wants to have nothing to do with anyone, for now."""

    async def push(self, status):
        await super().push("554 no service here" if status.startswith("220") else status)


async def test_a_server_that_takes_nothing_from_us_says_nothing_about_the_email(mailbox):
    async with serving(mailbox, server=Refusing):
        assert await refused(carrier(mailbox)) == "server 554"


async def test_where_nobody_listens_it_waits(mailbox):
    mailbox.port = free_port()
    assert await refused(carrier(mailbox)) == "SMTPConnectError"


async def test_a_host_that_is_not_there_is_waited_for():
    await refused(MailCarrier(**{**at_home(port=25, security="none"), "host": "mail.invalid"}))


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_a_server_that_hangs_is_left_in_time(mailbox, monkeypatch, verb):
    monkeypatch.setattr("shared.sending.mail.SECONDS", 0.2)
    mailbox.hangs.add(verb)
    begun = time.monotonic()
    async with serving(mailbox):
        assert await refused(carrier(mailbox)) in {"TimeoutError", "SMTPReadTimeoutError"}
    assert time.monotonic() - begun < 1


async def test_a_server_that_never_says_a_word_is_left_in_time(monkeypatch):
    monkeypatch.setattr("shared.sending.mail.SECONDS", 0.2)
    leave = asyncio.Event()

    async def silent(_reader, writer):
        await leave.wait()
        writer.close()

    listening = await asyncio.start_server(silent, HOST, 0)
    port = listening.sockets[0].getsockname()[1]
    begun = time.monotonic()
    for security in ("none", "tls", "starttls"):
        await refused(MailCarrier(**at_home(port=port, security=security)))
    assert time.monotonic() - begun < 2
    leave.set()
    listening.close()
    await listening.wait_closed()


@pytest.mark.parametrize("answer", ["hangs", "421 bye", "dies"])
async def test_what_was_taken_is_taken_however_the_server_says_goodbye(mailbox, monkeypatch, answer):
    monkeypatch.setattr("shared.sending.mail._GOODBYE_SECONDS", 0.1)
    if answer == "hangs":
        mailbox.hangs.add("QUIT")
    else:
        mailbox.answers["QUIT"] = answer
    async with serving(mailbox):
        await carrier(mailbox).carry(mail())
    assert len(mailbox.taken) == 1


async def test_who_is_stopped_in_the_middle_leaves_at_once(mailbox):
    mailbox.hangs.add("RCPT")
    async with serving(mailbox):
        carrying = asyncio.create_task(carrier(mailbox).carry(mail()))
        await until(lambda: mailbox.asked.count("RCPT"))
        carrying.cancel()
        async with asyncio.timeout(0.5):
            await asyncio.gather(carrying, return_exceptions=True)
    assert carrying.cancelled()


def test_the_authorities_of_the_machine_are_asked_where_no_others_are_named():
    made = MailCarrier(**at_home(port=465, security="tls"))
    assert made._context.verify_mode == ssl.CERT_REQUIRED
    assert made._context.check_hostname
