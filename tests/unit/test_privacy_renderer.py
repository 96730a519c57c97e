"""Texts are rendered beside the process: as within it, and without anyone waiting for those that are meant ill."""

import asyncio
import sys
import time

import pytest

from privacy.terms import rendering_apart
from privacy.terms.renderer import MOST_WAITING, SECONDS, Renderer
from privacy.terms.rendering import rendered
from shared.contracts.problem import Invalid, Unavailable
from tests.unit.hostile_markdown import EVERYTHING, LONGEST, MASSES
from tests.waiting import until

NEVER_ENDS = "![[](" * (LONGEST // 5)
PLAIN = {"en": "# Rules\n\nBe *kind*.", "sv": "# Regler\n\nVar *snäll*."}


async def refused(renderer, texts):
    with pytest.raises(Invalid) as problem:
        await renderer.rendered(texts)
    (fault,) = problem.value.errors
    assert fault.key == "too_intricate"
    return fault.pointer


async def begun(renderer, texts):
    task = asyncio.ensure_future(renderer.rendered(texts))

    async def process():
        return renderer._process

    return task, await until(process)


async def test_what_comes_back_is_the_same_to_the_byte():
    written = {name: text for name, text in EVERYTHING.items() if name not in MASSES}
    assert await Renderer(seconds=30).rendered(written) == {name: rendered(text) for name, text in written.items()}


async def test_the_longest_texts_that_are_meant_well_are_rendered_in_time():
    text = ("Words *and* more **words**, [read](https://a.example).\n\n- one\n- two\n\n" * LONGEST)[:LONGEST]
    html = await Renderer().rendered({f"l{number}": text for number in range(5)})
    assert len(html) == 5


async def test_a_text_that_takes_too_long_is_refused_by_name_while_others_are_answered():
    renderer, lags, began = Renderer(seconds=1), [], time.monotonic()
    asked = asyncio.ensure_future(refused(renderer, {**PLAIN, "de": NEVER_ENDS, "fi": "Sana"}))
    while not asked.done():
        before = time.monotonic()
        await asyncio.sleep(0.01)
        lags.append(time.monotonic() - before)
    assert await asked == "/texts/de/markdown"
    assert time.monotonic() - began < 3
    assert max(lags) < 0.5
    assert set(await renderer.rendered(PLAIN)) == {"en", "sv"}


async def test_a_text_that_took_long_is_named_where_the_next_is_out_of_time(monkeypatch):
    slow = "import time; print(flush=True); time.sleep(0.9); print('\"\"', flush=True); time.sleep(60)"
    monkeypatch.setattr("privacy.terms.renderer._COMMAND", (sys.executable, "-c", slow))
    assert await refused(Renderer(seconds=1.2), PLAIN) == "/texts/en/markdown"


async def test_texts_that_grow_too_long_are_refused_by_the_longest():
    table = MASSES["a table that is filled"]
    assert await refused(Renderer(seconds=30), {"en": "Words", "de": table, "sv": table[:30_000], "fi": table[:59_000]})
    html = await Renderer(seconds=30).rendered({"de": table})
    assert len(html["de"]) < rendering_apart.MOST_HTML < 2 * len(html["de"])


async def test_only_so_many_wait_for_their_turn():
    renderer = Renderer(seconds=0.5, patience=30)
    texts = {"en": NEVER_ENDS}
    asked = await asyncio.gather(*(renderer.rendered(texts) for _ in range(MOST_WAITING + 4)), return_exceptions=True)
    assert [type(one) for one in asked] == [Invalid] * (MOST_WAITING + 1) + [Unavailable] * 3
    assert await renderer.rendered(PLAIN)


async def test_nobody_waits_long_for_others():
    renderer = Renderer(seconds=30, patience=0.1)
    running, process = await begun(renderer, {"en": NEVER_ENDS})
    with pytest.raises(Unavailable):
        await renderer.rendered(PLAIN)
    process.kill()
    with pytest.raises(Invalid):
        await running
    assert await renderer.rendered(PLAIN)


async def test_who_stops_waits_for_nothing():
    renderer, began = Renderer(seconds=30), time.monotonic()
    running, process = await begun(renderer, {"en": NEVER_ENDS})
    waiting = asyncio.ensure_future(renderer.rendered(PLAIN))
    await asyncio.sleep(0)
    await renderer.stop()
    for asked in (running, waiting, asyncio.ensure_future(renderer.rendered(PLAIN))):
        with pytest.raises(Unavailable):
            await asked
    assert process.returncode is not None
    assert time.monotonic() - began < SECONDS


async def test_who_gives_up_leaves_no_process_behind():
    renderer = Renderer(seconds=30)
    running, process = await begun(renderer, {"en": NEVER_ENDS})
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert process.returncode is not None
    assert await renderer.rendered(PLAIN)


async def test_what_fails_unexpectedly_is_not_blamed_on_the_text(monkeypatch):
    monkeypatch.setattr("privacy.terms.renderer._COMMAND", ("/bin/false",))
    with pytest.raises(RuntimeError):
        await Renderer().rendered(PLAIN)
    monkeypatch.setattr("privacy.terms.renderer._COMMAND", ("/nowhere",))
    with pytest.raises(Unavailable):
        await Renderer().rendered(PLAIN)
