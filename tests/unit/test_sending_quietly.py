"""Where a letter goes and what it says is told to its carrier and to nobody else."""

import io
import json
import logging
import traceback
from datetime import timedelta

import pytest
import structlog
from prometheus_client import generate_latest

from shared import observing
from shared.facts import now
from shared.letters import Waiting
from shared.sending import Call, Mail, MailCarrier, Never, NotNow, Text, WebhookCarrier
from shared.testing import MemoryShelf
from tests.posting import ADDRESS, CODE, Hand, PostOffice, letter, write
from tests.waiting import until

HIDDEN = (ADDRESS, ADDRESS.split("@")[0], "contoso.example", CODE, "Your code is")


@pytest.fixture
def log(monkeypatch):
    monkeypatch.setattr("shared.sending.sender.SWEEP_EVERY", 0.02)
    out = io.StringIO()
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    observing._log_through(logging.StreamHandler(out), "debug")
    yield out
    root.handlers[:] = kept
    root.setLevel(level)
    structlog.reset_defaults()


class Teller:
    """A carrier that fails and says too much."""

    async def carry(self, message):
        try:
            raise ValueError(f"no such mailbox: {message.to}")  # noqa: TRY301  # one error behind another
        except ValueError as error:
            raise RuntimeError(f"could not say {message.text!r} to {message.to}") from error


@pytest.mark.parametrize(
    "carrier",
    [
        Hand(),
        Hand(NotNow("server 421")),
        Hand(Never("recipient [550]")),
        Hand(TimeoutError()),
        Teller(),
        MailCarrier(host="127.0.0.1", port=1, security="none", sender="no-reply@x.example", sender_name="X"),
    ],
    ids=["taken", "later", "never", "hanging", "broken", "away"],
)
async def test_no_log_no_metric_and_no_news_tells_of_it(log, carrier):
    shelf = MemoryShelf()
    post = PostOffice(shelf, {"mail": carrier})
    await write(post.store, "alice", letter())
    await write(post.store, "bob", letter(expires_at=now() - timedelta(seconds=1)))
    await write(post.store, "chandra", letter(channel="call"))
    await write(post.store, "dana", letter())
    moved = shelf._get("dana")
    moved["letters"][0]["id"] = "another"
    shelf._put("dana", moved)

    async def tried():
        waiting = await post.waiting()
        gone = [await post.empty(key) for key in ("bob", "chandra", "dana")]
        return all(gone) and (not waiting or waiting[0].attempts) and not post.sender._under_way

    async with post.open():
        await until(tried)
    told = [log.getvalue(), generate_latest(post.registry).decode()]
    told += [json.dumps([entry["event"] for entry in await shelf.outbox(key)]) for key in ("alice", "bob", "dana")]
    for text in told:
        for hidden in HIDDEN:
            assert hidden not in text
            assert json.dumps(hidden)[1:-1] not in text
    assert "a letter does not open" in log.getvalue()
    if isinstance(carrier, Teller):
        line = next(line for line in map(json.loads, log.getvalue().splitlines()) if line.get("error"))
        assert (line["event"], line["error"], line["level"]) == ("a letter could not be sent", "RuntimeError", "error")
        assert "in carry" in line["trace"], "who looks for the mistake sees where it was made"


def test_what_is_printed_shows_neither_address_nor_code():
    waiting = Waiting("alice", "l1", "code", "mail", "sv", now(), now(), 0, None, content=CODE.encode())
    printed = [
        letter(),
        waiting,
        waiting.claimed(now()),
        Mail(to=ADDRESS, subject="Your code", text=CODE, html=CODE, id="l1"),
        Text(to=ADDRESS, text=CODE, language="sv", id="l1"),
        Call(to=ADDRESS, text=CODE, language="sv", id="l1"),
    ]
    for one in printed:
        assert ADDRESS not in repr(one)
        assert CODE not in repr(one)


async def test_carriers_that_are_given_what_is_not_theirs_say_no_more_than_that():
    mail = Mail(to=ADDRESS, subject="Your code", text=CODE, html=CODE, id="l1")
    text = Text(to=ADDRESS, text=CODE, language="sv", id="l1")
    by_mail = MailCarrier(host="127.0.0.1", port=1, security="none", sender="no-reply@x.example", sender_name="X")
    by_webhook = WebhookCarrier("http://127.0.0.1:1/", b"secret", session=None)  # type: ignore[arg-type]  # not asked
    for carrier, message in ((by_mail, text), (by_webhook, mail)):
        with pytest.raises(TypeError) as refused:
            await carrier.carry(message)
        said = "".join(traceback.format_exception(refused.value))
        assert ADDRESS not in said
        assert CODE not in said
