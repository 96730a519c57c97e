"""Streams of lines while they last: what is told meanwhile, and what a client sees that the other side is not well."""

import pytest

from shared import passing
from shared.passing import STOPPING
from shared.streaming import AT_ONCE
from tests.unit.streams import Doing, Talking, line, results, said, serving_lines
from tests.waiting import until


@pytest.fixture
async def doing():
    return Doing()


@pytest.fixture
async def server(doing):
    async with serving_lines(doing) as server:
        yield server


async def one_after_another(server, numbers):
    """Have lines done in another request, one by one: what else can happen meanwhile has happened."""
    async with Talking.to(server) as client:
        for n in numbers:
            client.send(line(n) + b"\n")
            assert results(await client.hear())[0]["status"] == 200


async def test_results_come_while_lines_are_sent(server):
    async with Talking.to(server) as client:
        for n in (1, 2, 3):
            client.send(line(n)[:4])
            client.send(line(n)[4:] + b"\n")
            assert said(results(await client.hear())) == [(n, 200, None)]
        client.end()
        assert await client.rest() == ([], True)


async def test_no_more_than_so_many_are_under_way_whatever_is_sent(server, doing):
    doing.held = set(range(500))
    async with Talking.to(server) as client:
        client.send(b"".join(line(n) + b"\n" for n in range(500)))
        await until(lambda: len(doing.begun) >= AT_ONCE)
        await one_after_another(server, range(1000, 1100))
        held = [n for n in doing.begun if n in doing.held]
        assert len(held) == AT_ONCE
        doing.released.set()
        client.end()
        answers, clean = await client.rest()
        assert (len(answers), clean) == (500, True)
    assert doing.at_once == AT_ONCE + 1  # the line of the others that was under way meanwhile


async def test_who_does_not_read_is_sent_no_more_and_read_no_more(server, doing, monkeypatch):
    monkeypatch.setattr(passing, "PATIENCE", 0.5)
    wrong = line(1, **{"x" * 15_000: 1}) + b"\n"  # answered at the same length
    async with Talking.to(server) as client:
        with pytest.raises(ConnectionError):
            await client.send_on(wrong, times=4000)


async def test_who_falls_silent_gets_what_is_done_and_no_end(server, doing, monkeypatch):
    monkeypatch.setattr(passing, "PATIENCE", 0.2)
    async with Talking.to(server) as client:
        client.send(line(1) + b"\n" + line(2)[:3])
        answers, clean = await client.rest()
    assert said(answers) == [(1, 200, None)]
    assert not clean
    assert doing.begun == [1]


async def test_what_is_under_way_ends_with_a_client_that_goes(server, doing):
    doing.let.clear()
    async with Talking.to(server) as client:
        client.send(b"".join(line(n) + b"\n" for n in range(100)))
        await until(lambda: len(doing.begun) == AT_ONCE)
        client.writer.transport.abort()
        await until(lambda: len(doing.ended) == AT_ONCE)
    assert doing.done == []
    assert len(doing.begun) == AT_ONCE


async def test_when_it_stops_what_has_begun_is_finished_and_told_and_the_rest_left(server, doing):
    doing.let.clear()
    async with Talking.to(server) as client:
        client.send(line(0) + b"\n" + line(2) + b"\n" + line(4)[:3])
        await until(lambda: len(doing.begun) == 2)
        server.app[STOPPING].set()
        doing.let.set()
        answers, clean = await client.rest()
    assert said(answers) == [(1, 200, None), (2, 200, None)]
    assert not clean
