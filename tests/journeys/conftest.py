"""A real browser: Debian's Chromium, or the one that CHROMIUM names."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser

import gateway  # noqa: F401  # enters the texts of its pages
from shared.telling.translations import load
from tests.journeys.actions import Person

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.fail("There is no Chromium: install it, or name one with CHROMIUM=…")
    return {"executable_path": program, "args": list(QUIET)}


Arrive = Callable[..., Awaitable[Person]]


@dataclass(frozen=True)
class Words:
    """What the portal says in a browser's language; a text without a translation stays English."""

    locale: str

    def __call__(self, text: str) -> str:
        """Say a text."""
        return load(self.locale[:2]).gettext(text)


_ENGLISH, _SWEDISH = Words("en-GB"), Words("sv-SE")
_SCRIPTS = {"with scripts": True, "without scripts": False}
_WORDS = {"English": _ENGLISH, "Swedish": _SWEDISH}
_BOTH = {"with scripts, Swedish": (True, _SWEDISH), "without scripts, English": (False, _ENGLISH)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a journey that asks for `scripts` with and without them, one that asks for `words` in both languages.

    One that asks for both is made twice, not four times: what is worded does not depend on what is scripted.
    """
    asked = [name for name in ("scripts", "words") if name in metafunc.fixturenames]
    ways = {"scripts": _SCRIPTS, "words": _WORDS, "scripts,words": _BOTH}.get(",".join(asked))
    if ways:
        metafunc.parametrize(",".join(asked), list(ways.values()), ids=list(ways))


@pytest.fixture
def scripts() -> bool:
    """Whether browsers run scripts."""
    raise LookupError("made by pytest_generate_tests")


@pytest.fixture
def words() -> Words:
    """The language of a browser."""
    raise LookupError("made by pytest_generate_tests")


@pytest.fixture
def sessions(mongo: Any) -> Any:
    """The gateway's sessions, to let time pass for them."""
    return mongo["gateway"]["sessions"]


@pytest.fixture
def end_proof(sessions: Any) -> Callable[[str], Awaitable[None]]:
    """Let the proofs of an account's sessions end, as ten minutes do."""

    async def end(account: str) -> None:
        ended = await sessions.update_many({"account": account, "proof": {"$ne": None}}, {"$set": {"proof": None}})
        assert ended.modified_count == 1

    return end


@pytest.fixture
async def arrive(portal, browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Arrive]:
    """Let a person arrive with a browser of their own; what its console said must be nothing."""
    contexts, said = [], []
    scripts = request.getfixturevalue("scripts") if "scripts" in request.fixturenames else True

    async def arrive(account: str, *, locale: str = "en-GB", **more: Any) -> Person:
        more = {"java_script_enabled": scripts, **more}
        context = await browser.new_context(locale=locale, base_url=portal.url, **more)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("console", lambda message: said.extend(_of(message, portal)))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.extend(_foreign(request.url, portal)))
        return Person(page, account, said, scripts=more["java_script_enabled"])

    yield arrive
    for context in contexts:
        await context.close()
    assert said == []


def _of(message, portal) -> list[str]:
    """Give what our own pages said; the provider's are its own matter."""
    return [message.text] if message.location["url"].startswith(portal.url) else []


def _foreign(url: str, portal) -> list[str]:
    known = (portal.url, portal.provider.issuer, "data:")
    return [] if url.startswith(known) else [f"request to {url}"]
