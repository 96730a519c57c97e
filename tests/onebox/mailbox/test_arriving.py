"""What services send arrives, once, and stays."""

import asyncio
import json
import logging
import mailbox as maildirs
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import aiosmtplib
import pytest

from onebox.mailbox import mailbox
from onebox.mailbox.keeping import MOST, Letters
from onebox.mailbox.page import LONGEST_POST
from onebox.mailbox.smtp import LARGEST
from onebox.mailbox.webhook import OFF
from onebox.ports import HOST, free_port
from shared.sending import Never
from shared.sending.webhook import SIGNATURE, signature
from tests.onebox.mailbox.handing_in import FROM, NUMBER, SECRET, TO, call, mail, text


async def test_a_mail_arrives_with_both_its_parts(carriers, letters):
    sent = mail()
    before = datetime.now(UTC)
    await carriers[0].carry(sent)
    (found,) = await letters()
    assert found["id"] == sent.id
    assert (found["channel"], found["to"], found["language"]) == ("mail", TO, "sv")
    assert (found["subject"], found["text"]) == (sent.subject, sent.text.strip())
    assert found["html"].strip() == sent.html
    arrived = datetime.fromisoformat(found["at"])
    assert before - timedelta(milliseconds=1) <= arrived <= datetime.now(UTC)


async def test_texts_and_calls_arrive_as_they_were_posted(carriers, letters):
    sent = [text(), call()]
    for message in sent:
        await carriers[1].carry(message)
    found = await letters()
    assert [letter["channel"] for letter in found] == ["call", "text"], "newest first"
    for letter, message in zip(found, reversed(sent), strict=True):
        assert letter["id"] == message.id
        assert (letter["to"], letter["text"], letter["language"]) == (NUMBER, message.text, message.language)
        assert letter["subject"] is letter["html"] is None


async def test_letters_are_found_by_recipient_and_channel(carriers, letters):
    mails, webhook = carriers
    other = mail(to="bob@contoso.example", subject="For Bob")
    for message in (mail(), other):
        await mails.carry(message)
    for message in (text(), call(), text(to="+4670000000")):
        await webhook.carry(message)
    assert [letter["id"] for letter in await letters(to="BOB@contoso.example")] == [other.id]
    assert [letter["channel"] for letter in await letters(to=NUMBER)] == ["call", "text"]
    assert [letter["channel"] for letter in await letters(to=NUMBER, channel="call")] == ["call"]
    assert len(await letters(channel="text")) == 2
    assert await letters(to="nobody@contoso.example") == []


async def test_no_other_channel_is_asked_for(box, http):
    async with http.get(f"{box.url}/letters?channel=fax") as answer:
        assert answer.status == 400


@pytest.mark.parametrize("made", [mail, text, call])
async def test_what_comes_twice_is_kept_once(carriers, letters, made):
    message = made()
    carrier = carriers[0 if made is mail else 1]
    await asyncio.gather(*(carrier.carry(message) for _ in range(4)))
    await carrier.carry(made())
    assert len(await letters()) == 2


async def test_a_mail_to_two_is_a_letter_to_each(box, letters):
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = FROM, "a@contoso.example, b@contoso.example", "Hello"
    written["Message-ID"] = "<one@portal.example>"
    written.set_content("Hello.")
    server = urlsplit(box.smtp_url)
    await aiosmtplib.send(written, hostname=server.hostname, port=server.port)
    assert {letter["to"] for letter in await letters()} == {"a@contoso.example", "b@contoso.example"}


async def test_a_recipient_beyond_ascii_gets_mail(carriers, letters):
    await carriers[0].carry(mail(to="åsa@contoso.example"))
    (found,) = await letters(to="åsa@contoso.example")
    assert found["to"] == "åsa@contoso.example"


async def test_no_address_is_logged(carriers, letters, caplog):
    caplog.set_level(logging.INFO)
    await carriers[0].carry(mail())
    await carriers[1].carry(text())
    assert len(await letters()) == 2
    assert TO not in caplog.text
    assert NUMBER not in caplog.text


async def test_a_mail_that_is_too_large_is_refused_for_good(carriers, letters):
    with pytest.raises(Never):
        await carriers[0].carry(mail(text="large " * (LARGEST // 6)))
    assert await letters() == []


BODY = {"id": "one", "channel": "text", "to": NUMBER, "text": "Hello", "language": "en"}


def signed(body, *, at=None, secret=SECRET):
    return signature(secret.encode(), body, int(time.time()) if at is None else at)


async def post(http, box, body, header):
    headers = {} if header is None else {SIGNATURE: header}
    async with http.post(box.webhook_url, data=body, headers=headers) as answer:
        return answer.status


async def test_a_post_with_a_good_signature_is_taken(box, http, letters):
    body = json.dumps(BODY).encode()
    for seconds in (5 - OFF, 0, OFF - 5):
        assert await post(http, box, body, signed(body, at=int(time.time()) + seconds)) == 204
    assert len(await letters()) == 1


@pytest.mark.parametrize(
    "header",
    [
        lambda _body: None,
        lambda _body: "",
        lambda _body: f"t={int(time.time())},v1={'0' * 64}",
        lambda body: signed(body, secret="another"),
        lambda body: signed(body + b" "),
        lambda body: signed(body, at=int(time.time()) - OFF - 5),
        lambda body: signed(body, at=int(time.time()) + OFF + 5),
        lambda body: signed(body).replace("t=", "t=0"),
        lambda body: signed(body).upper(),
        lambda body: signed(body) + ",v1=",
        lambda _body: f"t={'9' * 400},v1={'0' * 64}",
        lambda _body: f"t=٣,v1={'0' * 64}",
    ],
    ids=["none", "empty", "zeros", "secret", "body", "old", "early", "moment", "upper", "more", "long", "digits"],
)
async def test_a_post_without_a_good_signature_is_not_kept(box, http, letters, header):
    body = json.dumps(BODY).encode()
    assert await post(http, box, body, header(body)) == 401
    assert await letters() == []


@pytest.mark.parametrize(
    "other",
    [
        {"id": "one\r\nX: y"},
        {"id": ""},
        {"channel": "mail"},
        {"to": "+46701740605\r\nBcc: x"},
        {"to": "alice"},
        {"text": ""},
        {"text": 5},
        {"language": "sv\nX: y"},
        {"language": '"><script>'},
    ],
    ids=str,
)
async def test_a_signed_post_that_is_no_message_is_a_bad_request(box, http, letters, other):
    body = json.dumps(BODY | other).encode()
    assert await post(http, box, body, signed(body)) == 400
    assert await letters() == []


async def test_a_post_that_is_too_long_is_not_read(box, http, letters):
    body = json.dumps(BODY | {"more": "x" * LONGEST_POST}).encode()
    assert await post(http, box, body, signed(body)) == 413
    assert await letters() == []


async def test_letters_stay_when_the_mailbox_starts_again(tmp_path, http):
    folder, port = tmp_path / "mailbox", free_port()
    body = json.dumps(BODY).encode()
    found = []
    for _ in range(2):
        async with mailbox(folder, secret=SECRET, port=port) as box:
            assert await post(http, box, body, signed(body)) == 204
            async with http.get(f"{box.url}/letters") as answer:
                found.append(await answer.json())
    assert len(found[0]) == 1
    assert found[0] == found[1]


async def test_only_so_many_letters_stay_and_the_oldest_go(tmp_path):
    folder = tmp_path / "mailbox"
    letters = Letters(folder, most=3)
    for number in range(5):
        await letters.keep("text", NUMBER, b"Content-Type: text/plain\r\n\r\nHello", id_=str(number))
    assert [letter.id for letter in await letters.all()] == ["4", "3", "2"]
    assert [letter.id for letter in await Letters(folder).all()] == ["4", "3", "2"]
    assert len(maildirs.Maildir(folder)) == 3
    assert 100 <= MOST <= 1000


async def test_letters_that_other_programs_put_there_are_shown_and_read_ones_too(tmp_path):
    letter = EmailMessage()
    letter["To"], letter["Subject"] = "alice@contoso.example", "Moved"
    letter.set_content("Hello.")
    letters = Letters(tmp_path / "mailbox", most=2)
    for place in ("new", "cur"):
        message = maildirs.MaildirMessage(letter)
        message.set_subdir(place)
        maildirs.Maildir(tmp_path / "mailbox").add(message)
    assert [found.subject for found in await letters.all()] == ["Moved", "Moved"]
    await letters.keep("text", NUMBER, b"\r\nHello", id_="1")
    assert [found.channel for found in await letters.all()] == ["text", "mail"]


async def test_a_server_that_stops_hangs_up(tmp_path):
    async with mailbox(tmp_path / "mailbox", secret=SECRET) as box:
        reader, writer = await asyncio.open_connection(HOST, urlsplit(box.smtp_url).port)
        assert (await reader.readline()).startswith(b"220")
    async with asyncio.timeout(5):
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
    writer.close()


async def test_a_mailbox_that_cannot_be_written_says_later(box, carriers, tmp_path, monkeypatch):
    def full(*_told):
        raise OSError("no space")

    monkeypatch.setattr(Letters, "_keep", full)
    server = urlsplit(box.smtp_url)
    async with aiosmtplib.SMTP(hostname=server.hostname, port=server.port) as client:
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await client.sendmail(FROM, [TO], "Subject: x\r\n\r\nx")
    assert refused.value.code == 451
