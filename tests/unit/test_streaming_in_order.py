"""The lines of one account: done one after another, so that sending some again puts nothing old over anything new."""

import asyncio

import aiohttp
import pytest

from shared import streaming
from shared.contracts import devices
from shared.contracts.devices import BulkLine
from shared.contracts.problem import ChangedMeanwhile, NotFound, Remembered, TooManyChanges, Unavailable
from tests.unit.streams import HEADERS, Talking, line, results, said, serving_lines
from tests.waiting import until

PASSING = [Unavailable(), ChangedMeanwhile(), TooManyChanges(retry_after=1), ValueError("nobody foresaw this")]
FINAL = [NotFound(), Remembered(said={"status": 409, "key": "as_before"})]


class Shelf:
    """Keep what the last line of an account said, and answer a command that was carried out again."""

    def __init__(self):
        self.kept, self.commands, self.begun, self.fails = {}, set(), [], {}
        self.let = asyncio.Event()
        self.let.set()

    async def __call__(self, call, wish):
        self.begun.append(wish.n)
        await self.let.wait()
        if error := self.fails.get(wish.n):
            raise error
        if call.command.id not in self.commands:
            self.commands.add(call.command.id)
            self.kept[wish.account] = wish.n


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
async def ask(shelf):
    async with serving_lines(shelf) as server, aiohttp.ClientSession() as http:

        async def asking(*lines):
            async with http.post(server.make_url("/lines"), data=b"\n".join(lines), headers=HEADERS) as response:
                return said(results(await response.read()))

        yield asking


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
async def test_what_is_sent_again_after_a_passing_failure_leaves_the_newest_line_s_state(ask, shelf, error):
    lines = [line(1, account="a"), line(2, account="a"), line(3, account="b"), line(4, account="a")]
    shelf.fails = {1: error}
    answers = await ask(*lines)
    assert answers[0][1] >= 500 or answers[0][2] in {"changed_meanwhile", "too_many_changes"}
    assert answers[1:] == [(2, 503, "unavailable"), (3, 200, None), (4, 503, "unavailable")]
    assert shelf.kept == {"b": 3}
    shelf.fails = {}
    assert await ask(*lines) == [(n, 200, None) for n in range(1, 5)]
    assert shelf.kept == {"b": 3, "a": 4}


@pytest.mark.parametrize("error", FINAL, ids=lambda error: type(error).__name__)
async def test_a_line_that_is_refused_for_good_holds_no_other_back(ask, shelf, error):
    shelf.fails = {1: error}
    answers = await ask(line(1, account="a"), line(2, account="a"))
    assert answers == [(1, error.document()["status"], error.document()["key"]), (2, 200, None)]
    assert shelf.kept == {"a": 2}


async def test_a_line_waits_for_the_account_s_earlier_one(shelf):
    shelf.let.clear()
    async with serving_lines(shelf) as server, Talking.to(server) as client:
        client.send(line(1, account="a") + b"\n" + line(2, account="a") + b"\n" + line(3, account="b") + b"\n")
        await until(lambda: 3 in shelf.begun)
        assert shelf.begun == [1, 3]
        shelf.let.set()
        client.end()
        assert said((await client.rest())[0]) == [(n, 200, None) for n in (1, 2, 3)]
    assert shelf.kept == {"a": 2, "b": 3}


async def test_where_more_accounts_fail_than_are_noted_all_the_rest_is_held_back(ask, shelf, monkeypatch):
    monkeypatch.setattr(streaming, "MOST_HELD_BACK", 20)
    shelf.fails = dict.fromkeys(range(1, 100), Unavailable())
    numbers = [*range(1, 60), *range(200, 300)]
    answers = await ask(*(line(n) for n in numbers))
    assert {status for _, status, _ in answers[:60]} == {503}
    assert len(shelf.begun) < 60
    assert {answer[1:] for answer in answers} == {(503, "unavailable")}


def test_a_line_is_answered_as_the_same_request_by_itself():
    device = {"organization_id": "contoso", "name": "CON-1", "kind": "laptop"}
    alone = {
        "put": (devices.PUT_DEVICE, {"device": device}),
        "activity": (devices.NOTE_ACTIVITY, {"activity": {"compliance": "unknown"}}),
        "enable": (devices.ENABLE_DEVICE, {}),
        "delete": (devices.DELETE_DEVICE, {}),
    }
    assert alone.keys() == set(BulkLine.model_fields["do"].annotation.__args__)
    for do, (endpoint, said_of_it) in alone.items():
        assert BulkLine(account="a", device_id="d", do=do, **said_of_it).done == endpoint.status, do


async def test_a_line_s_status_is_that_of_what_it_says(ask):
    assert await ask(line(1), line(2, status=204)) == [(1, 200, None), (2, 204, None)]
