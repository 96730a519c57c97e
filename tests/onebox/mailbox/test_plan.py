"""What services are told leads into the mailbox, and stays the same from start to start."""

import pytest

from onebox.house import _remembered_port
from onebox.mailbox import mailbox
from onebox.plan import PHONE_COUNTRIES, Plan
from onebox.ports import HOST
from onebox.secrets import Secrets
from shared.sending.opening import carriers
from shared.settings import SendingSettings
from tests.onebox.mailbox.handing_in import call, mail, text

WRITING = ["security-info", "organizations"]


def settings_of(plan, name):
    return SendingSettings(**plan.service(name, gateway_port=8123), database="none")


@pytest.mark.parametrize("name", WRITING)
async def test_what_a_service_sends_arrives(tmp_path, mongodb, http, name):
    secrets = Secrets(tmp_path)
    async with mailbox(tmp_path / "mailbox", secret=secrets.webhook_secret) as box:
        settings = settings_of(Plan(secrets, mongodb, None, mailbox=box), name)
        assert settings.portal_url == "http://localhost:8123"
        async with carriers(settings) as opened:
            for channel, message in {"mail": mail(), "text": text(), "call": call()}.items():
                await opened[channel].carry(message)
        async with http.get(f"{box.url}/letters") as answer:
            found = await answer.json()
    assert [letter["channel"] for letter in found] == ["call", "text", "mail"]


@pytest.mark.parametrize("name", WRITING)
async def test_without_a_mailbox_there_is_no_channel(tmp_path, mongodb, name):
    async with carriers(settings_of(Plan(Secrets(tmp_path), mongodb, None), name)) as opened:
        assert opened == {}


async def test_others_are_told_nothing_of_it(tmp_path, mongodb, box):
    plan = Plan(Secrets(tmp_path), mongodb, None, mailbox=box)
    for name in ("devices", "privacy"):
        assert not {"smtp_url", "webhook_url", "webhook_secret", "target_key"} & plan.service(name).keys()
    assert plan.service("security-info")["phone_countries"] == PHONE_COUNTRIES
    assert "target_key" not in plan.service("organizations")


def test_the_secrets_are_made_once(tmp_path):
    first, second = Secrets(tmp_path), Secrets(tmp_path)
    assert (first.webhook_secret, first.target_key) == (second.webhook_secret, second.target_key)
    assert len(bytes.fromhex(first.target_key)) == 32
    assert len(first.webhook_secret) >= 32
    other = Secrets(tmp_path / "other")
    assert other.webhook_secret != first.webhook_secret
    assert other.target_key != first.target_key


async def test_the_page_keeps_its_port_while_it_is_free(tmp_path):
    file = tmp_path / "mailbox-port"
    port = _remembered_port(file)
    assert _remembered_port(file) == port
    async with mailbox(tmp_path / "mailbox", secret="x" * 32, port=port) as box:
        assert box.url == f"http://localhost:{port}"
        assert box.webhook_url.startswith(f"http://{HOST}:{port}/")
        assert _remembered_port(file) != port
