import mailbox
from email.message import EmailMessage

import aiohttp
import pytest
from aiohttp import web

from onebox.mailbox import application
from onebox.ports import free_port


@pytest.fixture
async def address(tmp_path):
    runner = web.AppRunner(application(tmp_path / "mailbox"))
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}/"
    await runner.cleanup()


async def get(address):
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        assert response.status == 200
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        return await response.text()


async def test_an_empty_mailbox_says_so(address):
    assert "No letters yet" in await get(address)


async def test_letters_are_listed_and_what_is_in_them_is_only_text(address, tmp_path):
    letter = EmailMessage()
    letter["To"] = "alice@contoso.example"
    letter["Subject"] = "Väl<script>kommen"
    mailbox.Maildir(tmp_path / "mailbox").add(letter)
    page = await get(address)
    assert "Väl&lt;script&gt;kommen" in page
    assert "<script>" not in page
    assert "alice@contoso.example" in page
