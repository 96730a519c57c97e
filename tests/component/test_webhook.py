"""How texts and calls go out, to a real web server that checks them as an operator's would."""

import asyncio
import hashlib
import hmac
import json
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from onebox.ports import HOST, free_port
from shared.sending import Call, Never, NotNow, Text, WebhookCarrier

SECRET = b"a secret that both sides know"
TO, SAID = "+46701740605", 'Din kod är 71840. Säg den inte till någon.\n"Contoso" \U0001f510'
TEXT = Text(to=TO, text=SAID, language="sv", id="0198c0de-0000-7000-8000-000000000001")


class Operator:
    """What the web server got, and what it is to answer."""

    def __init__(self):
        self.got = []
        self.status, self.headers, self.hangs = 202, {}, False
        self.url = ""

    async def take(self, request):
        self.got.append((request.path, dict(request.headers), await request.read()))
        if self.hangs:
            await asyncio.sleep(60)
        return web.Response(status=self.status, headers=self.headers, text=f"{TO} got 71840")


@asynccontextmanager
async def serving(operator):
    application = web.Application()
    application.router.add_route("*", "/{any:.*}", operator.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    operator.url = f"http://{HOST}:{runner.addresses[0][1]}/letters?from=portal"
    yield operator
    await runner.cleanup()


@pytest.fixture
async def operator():
    async with serving(Operator()) as made:
        yield made


@pytest.fixture
async def carrier(operator):
    async with aiohttp.ClientSession() as session:
        yield WebhookCarrier(operator.url, SECRET, session=session)


def verified(headers, body, secret=SECRET):
    """Tell whether a signature is right and fresh, as the documentation says it."""
    said = dict(part.split("=", 1) for part in headers["Webhook-Signature"].split(","))
    expected = hmac.new(secret, said["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return (
        set(said) == {"t", "v1"} and hmac.compare_digest(expected, said["v1"]) and abs(time.time() - int(said["t"])) < 5
    )


@pytest.mark.parametrize(("kind", "channel"), [(Text, "text"), (Call, "call")])
async def test_what_is_posted(carrier, operator, kind, channel):
    await carrier.carry(kind(to=TO, text=SAID, language="sv", id=TEXT.id))
    ((path, headers, body),) = operator.got
    assert path == "/letters"
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == TEXT.id
    assert json.loads(body) == {"id": TEXT.id, "channel": channel, "to": TO, "text": SAID, "language": "sv"}
    assert verified(headers, body)
    assert not verified(headers, body.replace(b"71840", b"71841"))
    assert not verified(headers, body, b"another secret")


async def test_a_message_that_comes_twice_has_the_same_id(carrier, operator):
    await carrier.carry(TEXT)
    await carrier.carry(TEXT)
    assert len({headers["Idempotency-Key"] for _, headers, _ in operator.got}) == 1
    assert len({body for *_, body in operator.got}) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_yes_takes_it(carrier, operator, status):
    operator.status = status
    await carrier.carry(TEXT)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, NotNow) for status in (401, 403, 404, 405, 408, 409, 410, 425, 429, 500, 502, 503, 504, 599)),
        *((status, Never) for status in (400, 413, 422)),
    ],
)
async def test_every_other_answer_means_later_or_never_and_its_words_are_not_repeated(carrier, operator, status, kind):
    operator.status = status
    with pytest.raises(kind) as error:
        await carrier.carry(TEXT)
    assert type(error.value) is kind
    assert str(error.value) == f"webhook {status}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_sent_elsewhere_with_it(carrier, operator, status):
    async with serving(Operator()) as other:
        operator.status, operator.headers = status, {"Location": other.url}
        with pytest.raises(NotNow):
            await carrier.carry(TEXT)
        assert other.got == []
    assert len(operator.got) == 1


async def test_a_server_that_hangs_is_left_in_time(carrier, operator, monkeypatch):
    monkeypatch.setattr("shared.sending.webhook.SECONDS", 0.2)
    operator.hangs = True
    begun = time.monotonic()
    with pytest.raises(NotNow) as error:
        await carrier.carry(TEXT)
    assert time.monotonic() - begun < 1
    assert "Timeout" in str(error.value)


@pytest.mark.parametrize("url", [f"http://{HOST}:{free_port()}/", "http://webhook.invalid/"])
async def test_where_nobody_listens_it_waits(url):
    async with aiohttp.ClientSession() as session:
        with pytest.raises(NotNow) as error:
            await WebhookCarrier(url, SECRET, session=session).carry(TEXT)
    assert TO not in str(error.value)
    assert error.value.__suppress_context__


async def test_a_server_that_dies_over_it_is_asked_again_later():
    async def die(reader, writer):
        await reader.read(1)
        writer.close()

    listening = await asyncio.start_server(die, HOST, 0)
    async with aiohttp.ClientSession() as session:
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(NotNow):
            await WebhookCarrier(f"http://{HOST}:{port}/", SECRET, session=session).carry(TEXT)
    listening.close()
    await listening.wait_closed()
