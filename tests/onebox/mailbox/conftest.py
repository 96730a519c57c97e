"""A local mailbox of a test's own, with the carriers that the services use."""

import pytest
from yarl import URL

from onebox.mailbox import mailbox
from shared.sending import MailCarrier, WebhookCarrier
from tests.onebox.mailbox.handing_in import FROM, SECRET


@pytest.fixture
async def box(tmp_path):
    async with mailbox(tmp_path / "mailbox", secret=SECRET) as running:
        yield running


@pytest.fixture
def carriers(box, http):
    """Give the carriers of mails, and of texts and calls."""
    server = URL(box.smtp_url)
    mails = MailCarrier(
        host=server.host, port=server.port, security="none", sender=FROM, sender_name="Contosos självservice"
    )
    return mails, WebhookCarrier(box.webhook_url, SECRET.encode(), session=http)


@pytest.fixture
def letters(box, http):
    """Ask for letters as a program does."""

    async def of(**wish):
        async with http.get(f"{box.url}/letters", params=wish) as answer:
            assert answer.status == 200
            return await answer.json()

    return of


@pytest.fixture
def load(box, http):
    """Load a page, and give its text."""

    async def at(path="/", *, status=200):
        async with http.get(box.url + path) as answer:
            assert answer.status == status
            assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            return await answer.text()

    return at
