"""The mailbox's page shows letters as their recipients would get them, and nothing in them can do anything."""

import re
from html import unescape
from urllib.parse import urlsplit

import aiosmtplib
import pytest

from onebox.mailbox.page import PER_PAGE
from tests.onebox.mailbox.handing_in import FROM, NUMBER, TO, call, mail, text

EVIL = "<script>alert(1)</script><img src=//evil.example onerror=alert(1)>"


@pytest.fixture
def raw(box):
    """Hand a message in as bytes."""

    async def sent(content, to=TO):
        server = urlsplit(box.smtp_url)
        async with aiosmtplib.SMTP(hostname=server.hostname, port=server.port) as client:
            await client.sendmail(FROM, [to], content)

    return sent


def links(page):
    return [unescape(found) for found in re.findall(r'<h2 class="letter-title"><a href="([^"]+)"', page)]


async def test_an_empty_mailbox_says_so(load):
    assert "No letters yet" in await load()


async def test_letters_are_listed_newest_first_with_recipient_and_time(carriers, load, letters):
    await carriers[0].carry(mail())
    await carriers[1].carry(text())
    shown = await load()
    assert shown.index("718402 är din kod") < shown.index("Din kod är 718402")
    assert TO in shown
    assert NUMBER in shown
    for letter in await letters():
        assert f'<time datetime="{letter["at"]}">' in shown
    assert 'lang="sv"' in shown
    assert '<html lang="en">' in shown


async def test_the_list_is_narrowed_by_channel_and_recipient(carriers, load):
    await carriers[0].carry(mail())
    for message in (text(text="The text"), call(text="The call"), call(to="+4670000000", text="Another")):
        await carriers[1].carry(message)
    assert len(links(await load())) == 4
    calls = await load("/?channel=call")
    assert "The text" not in calls
    assert len(links(calls)) == 2
    assert 'aria-current="true"' in calls
    (only,) = links(await load(f"/?channel=call&to={NUMBER.replace('+', '%2B')}"))
    assert "The call" in await load(only)
    assert "No such letters" in await load("/?to=nobody%40contoso.example")


async def test_many_letters_are_shown_in_pages(box, carriers, load):
    for number in range(PER_PAGE + 3):
        await carriers[1].carry(text(text=f"Number {number}"))
    first, second = await load(), await load("/?page=2")
    assert (len(links(first)), len(links(second))) == (PER_PAGE, 3)
    assert not set(links(first)) & set(links(second))
    assert 'href="/?page=2"' in first
    for odd in ("99", "0", "-1", "x", "²", "9" * 5000):
        assert links(await load(f"/?page={odd}")) in (links(first), links(second))


async def test_a_mail_shows_its_head_its_parts_and_its_headers(carriers, load):
    sent = mail()
    await carriers[0].carry(sent)
    (link,) = links(await load())
    shown = await load(link)
    for words in (sent.subject, TO, FROM, "Contosos självservice", "Hej Åsa!", "Auto-Submitted", sent.id):
        assert words in unescape(shown), words
    (frame,) = re.findall("<iframe[^>]+>", shown)
    assert re.search(r"\ssandbox>", frame)
    assert f'src="{link}/html"' in frame
    assert "<b>718402</b>" not in shown


async def test_the_html_of_a_mail_may_run_and_load_nothing(box, http, carriers, load):
    await carriers[0].carry(mail(html=f"<p>Hello</p>{EVIL}"))
    (link,) = links(await load())
    async with http.get(f"{box.url}{link}/html") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert EVIL in await answer.text()
    assert policy == ("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'")


async def test_texts_and_calls_say_what_they_say(carriers, load):
    for message in (text(text="Se https://portal.example/säkerhet?a=1&b=2"), call()):
        await carriers[1].carry(message)
    heard, read = [await load(link) for link in links(await load())]
    assert "Your code is: 7, 1, 8, 4, 0, 2." in heard
    assert 'class="voice" lang="en"' in heard
    assert 'class="bubble" lang="sv"' in read
    assert 'rel="noopener noreferrer"' in read


async def test_what_is_in_letters_is_only_text(carriers, raw, load):
    await carriers[0].carry(mail(subject=EVIL, text=EVIL))
    await carriers[1].carry(text(text=EVIL))
    await raw(f"From: {EVIL}\r\nSubject: {EVIL}\r\n{EVIL}: x\r\nX: {EVIL}\r\n\r\n{EVIL}")
    await raw(
        b'Content-Language: "><script>\r\nSubject: =?utf-8?q?=3Cscript=3E?=\r\n\r\nx', to=f'"{EVIL[:8]}"@x.example'
    )
    pages = [await load()]
    pages += [await load(link) for link in links(pages[0])]
    assert len(pages) == 5
    for shown in pages:
        assert "<script" not in shown
        assert "<img" not in shown
    assert "<script>" in unescape(pages[0])


async def test_a_mail_cannot_pass_for_another_channel_or_recipient(raw, letters):
    await raw(b"Letter-Channel: call\r\nDelivered-To: bob@contoso.example\r\nSubject: x\r\n\r\nx")
    (found,) = await letters()
    assert (found["channel"], found["to"]) == ("mail", TO)


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: x\r\nContent-Type: text/html; charset=no-such\r\n\r\n<p>x",
        b"Subject: x\r\nContent-Type: multipart/mixed\r\n\r\nno parts",
        b"Subject: \xff\xfe\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\xff\xfe",
        b"Subject: =?utf-16?b?//?=\r\nFrom: <<<>>>,,;\r\nContent-Language: \xc3\xa5\r\n\r\nx",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"no headers at all",
        b"Message-ID: <\r\nTo: \x00\r\n\r\n\x00",
        b"Content-Type: application/pdf\r\n\r\nx",
        b"\r\n",
    ],
    ids=["charset", "boundary", "bytes", "words", "base64", "headless", "nul", "kind", "empty"],
)
async def test_a_malformed_mail_is_shown_and_hides_no_other(raw, carriers, load, letters, content):
    await raw(content)
    await carriers[0].carry(mail())
    assert len(await letters()) == 2
    for link in links(await load()):
        await load(link)


async def test_there_is_no_other_letter(load):
    for path in ("/letters/x", "/letters/..%2F..%2Fsecrets.json", "/letters/x/html"):
        assert "No such letter" in await load(path, status=404)


async def test_the_look_is_the_portals(box, http, load):
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', await load())
    assert len(sheets) == 3
    together = ""
    for sheet in sheets:
        async with http.get(box.url + sheet) as answer:
            assert answer.status == 200
            assert answer.content_type == "text/css"
            together += await answer.text()
    used, declared = set(re.findall(r"var\((--[\w-]+)", together)), set(re.findall(r"(--[\w-]+)\s*:", together))
    assert used <= declared


async def test_a_name_that_is_not_this_machines_is_not_answered(box, http, carriers):
    await carriers[0].carry(mail())
    for path in ("/", "/letters"):
        async with http.get(box.url + path, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 421
            assert TO not in await answer.text()
