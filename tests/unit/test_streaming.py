"""Lines in, lines out: what is read and what is answered."""

import aiohttp
import pytest

from shared.contracts.endpoint import LINE_LIMIT
from shared.contracts.lines import MEDIA_TYPE
from tests.unit.streams import HEADERS, Doing, line, results, said, serving_lines


@pytest.fixture
async def doing():
    return Doing()


@pytest.fixture
async def server(doing):
    async with serving_lines(doing) as server:
        yield server


@pytest.fixture
async def ask(server):
    async with aiohttp.ClientSession() as http:

        async def asking(content, **headers):
            async with http.post(server.make_url("/lines"), data=content, headers=HEADERS | headers) as response:
                assert response.status == 200
                assert response.content_type == MEDIA_TYPE
                return results(await response.read())

        yield asking


async def test_each_line_is_answered_in_its_order(ask, doing):
    answers = await ask(b"".join(line(n) + b"\n" for n in range(200)))
    assert said(answers) == [(n + 1, 200, None) for n in range(200)]
    assert doing.begun == list(range(200))


async def test_empty_lines_are_counted_and_left_out_and_the_last_needs_no_end(ask):
    content = b"\n" + line(1) + b"\r\n\n \t\n" + line(2)
    assert said(await ask(content)) == [(2, 200, None), (5, 200, None)]
    assert await ask(b"") == []
    assert await ask(b"\n\n\n") == []


async def test_a_line_that_is_wrong_does_not_end_the_others(ask):
    wrong = [b"{", b"[]", b"null", line(-1), line(1, x=1), b"\xff\xfe", line(404), line(500)]
    answers = await ask(b"\n".join([line(1), *wrong, line(2)]))
    statuses = [(one["status"], (one["problem"] or {}).get("key")) for one in answers]
    assert statuses[0] == statuses[-1] == (200, None)
    assert statuses[1:4] == [(400, "malformed"), (422, "invalid"), (422, "invalid")]
    assert [error["pointer"] for error in answers[4]["problem"]["errors"]] == ["/n"]
    assert [error["pointer"] for error in answers[5]["problem"]["errors"]] == ["/x"]
    assert statuses[6:9] == [(400, "malformed"), (404, "not_found"), (500, "unexpected")]
    assert "nobody" not in str(answers)


@pytest.mark.parametrize("newline", [b"\n", b""], ids=["in the middle", "at the end"])
async def test_a_line_that_is_too_long_is_told_as_such_however_it_comes(ask, doing, newline):
    exact = line(1, pad="")
    exact = line(1, pad="x" * (LINE_LIMIT - len(exact)))
    assert len(exact) == LINE_LIMIT

    async def parts():
        yield exact + b"\n"
        for _ in range(40):
            yield b"x" * (LINE_LIMIT // 10)
        yield newline
        if newline:
            yield exact[:-1] + b" }\n" + line(2)

    answers = said(await ask(parts()))
    assert answers[:2] == [(1, 200, None), (2, 413, "too_large")]
    assert answers[2:] == ([(3, 413, "too_large"), (4, 200, None)] if newline else [])
    assert sorted(doing.done) == ([1, 2] if newline else [1])


async def test_another_content_type_is_refused_before_anything(server, doing):
    async with aiohttp.ClientSession() as http:
        for kind in ("application/json", "text/csv", "application/octet-stream"):
            headers = {"Content-Type": kind}
            async with http.post(server.make_url("/lines"), data=line(1) + b"\n", headers=headers) as response:
                assert response.status == 415
                assert response.content_type == "application/problem+json"
    assert not doing.begun


async def test_the_same_line_is_the_same_command_and_no_other_line_is(doing):
    content = line(1) + b"\n" + line(1) + b"\n" + line(2, account="account 1") + b"\n"
    for key in ("one", "one", "other"):
        async with (
            serving_lines(doing, key=key) as server,
            aiohttp.ClientSession() as http,
            http.post(server.make_url("/lines"), data=content, headers=HEADERS) as response,
        ):
            assert len(results(await response.read())) == 3
    ids = [command.id for command in doing.commands]
    assert ids[:3] == ids[3:6]
    assert len(set(ids)) == 6
    digests = [command.digest for command in doing.commands]
    assert digests[0] == digests[1] != digests[2]
