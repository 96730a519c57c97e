"""Picture every page and dialog in every width, scheme and language: `python -m tests.screenshots`.

Words after that leave only the scenes whose names have one of them, as in `… devices hanan/organizations`. What
scrolls sideways is named, and makes it fail.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal, get_args

import uvloop
from playwright.async_api import Browser, BrowserContext, Error, Page, async_playwright

from onebox.processes import SetupError
from tests.journeys.actions import Person
from tests.journeys.conftest import QUIET
from tests.screenshots.furnishing import Furnished, furnish
from tests.screenshots.portal import portal
from tests.screenshots.scenes import MAILBOX, NOBODY, Scene, scenes

PLACE = Path("docs/screenshots")
ALL = PLACE / "all"
KEPT = {
    "alice/overview-1440-light-en.png": "overview.png",
    "alice/overview-390-dark-sv.png": "overview-dark.png",
    "alice/devices-768-light-en.png": "devices.png",
}
"""The few pictures that are committed, each with its name there."""
TALLEST = 1240
"""Pixels of a page that a committed picture shows."""
LARGEST = 250_000
"""Bytes that a committed picture may have."""
SIZES = ((1440, 900), (768, 1024), (390, 844))
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
LOCALES = {"en": "en-GB", "sv": "sv-SE"}
AT_ONCE = 4
LIMIT = 600
_SIDEWAYS = """Math.max(...[document.documentElement, ...document.querySelectorAll("dialog")]
    .map((part) => part.scrollWidth - part.clientWidth))"""
_DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


class Camera:
    """Take pictures of pages side by side, and remember what is wrong with them."""

    def __init__(self, browser: Browser, url: str, furnished: Furnished) -> None:
        self._browser, self._url, self._furnished = browser, url, furnished
        self._turns = asyncio.Semaphore(AT_ONCE)
        self.taken = 0
        self.faults: list[str] = []

    async def take_all(self, wished: list[Scene]) -> None:
        """Take every picture of the scenes."""
        accounts = dict.fromkeys(scene.account for scene in wished)
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            for account in accounts:
                cookies = await self._signed_in(account)
                for language, locale in LOCALES.items():
                    context = await self._context(locale)
                    stack.push_async_callback(context.close)
                    await context.add_cookies(cookies)
                    for scene in wished:
                        if scene.account == account and language in scene.languages:
                            group.create_task(self._take(context, scene, language))

    async def _context(self, locale: str) -> BrowserContext:
        return await self._browser.new_context(base_url=self._url, locale=locale, timezone_id="Europe/Stockholm")

    async def _signed_in(self, account: str) -> list:
        if account in {NOBODY, MAILBOX}:
            return []
        context = await self._context(LOCALES["en"])
        try:
            person = Person(await context.new_page(), account, [])
            await person.sign_in()
            if code := self._furnished.code(account):
                await person.open("/prove")
                await person.prove(code)
                await person.page.wait_for_url("/")
            return await context.cookies()
        finally:
            await context.close()

    async def _take(self, context: BrowserContext, scene: Scene, language: str) -> None:
        async with self._turns, await context.new_page() as page:
            try:
                answer = await page.goto(scene.path)
                there = page.url.startswith(self._url if scene.path.startswith("/") else scene.path)
                if answer is None or answer.ok == scene.is_problem or not there:
                    self.faults.append(f"{scene.account}: {scene.path} is another page than it should be: {page.url}")
                await _set(page, scene)
            except Error as error:
                self.faults.append(f"{scene.account}: {scene.name} cannot be pictured: {error.message.splitlines()[0]}")
                return
            for width, height in SIZES:
                await page.set_viewport_size({"width": width, "height": height})
                for scheme in SCHEMES:
                    await self._shoot(page, scene, scene.file(width, scheme, language), scheme)
                if (excess := await page.evaluate(_SIDEWAYS)) > 0:
                    self.faults.append(f"{scene.file(width, scheme, language)} scrolls sideways, by {excess} px")

    async def _shoot(self, page: Page, scene: Scene, file: str, scheme: Scheme) -> None:
        colors: Literal["active", "none"] = "active" if scene.forced_colors else "none"
        await page.emulate_media(color_scheme=scheme, forced_colors=colors, reduced_motion="reduce")
        # Right after another width, a picture of what is seen may be of the old and the new one at once.
        await page.evaluate(_DRAWN)
        # A dialog stands in the middle of what is seen, not of the whole page.
        await page.screenshot(path=ALL / file, full_page=scene.asks is None, animations="disabled")
        self.taken += 1
        if file in KEPT and page.viewport_size:
            top = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": TALLEST}
            await page.screenshot(path=PLACE / KEPT[file], full_page=True, clip=top, animations="disabled")


async def _set(page: Page, scene: Scene) -> None:
    """Bring the page into the state of the scene; one that it does not come to is an error of Playwright's."""
    if scene.asks is not None:
        await page.locator(f'a[data-asks][href="{scene.asks}"]').click()
        await page.locator("dialog[open]").wait_for()
        await page.evaluate("scrollTo(0, 0)")
    if scene.typed is not None:
        if scene.typed:
            await page.locator("main form input:not([type=hidden], [type=radio])").fill(scene.typed)
        await page.locator("main form button:not([type=button])").first.click()
        await page.locator("main form [aria-invalid=true]").first.wait_for()
        await page.wait_for_load_state()
    if scene.presses:
        # As without scripts, which let a button rest where it would be pressed too early.
        await page.locator(scene.presses).first.evaluate("(button) => { button.disabled = false; button.click(); }")
        await page.locator(scene.comes).wait_for()
        await page.wait_for_load_state()


async def picture(folder: Path, words: Sequence[str]) -> Camera:
    """Run the portal in *folder* and take every picture, or those whose scene's name has one of the *words*."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(portal(folder, _say))
        furnished = await furnish(running, _say)
        playwright = await stack.enter_async_context(async_playwright())
        program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        if not program:
            raise SetupError("There is no Chromium: install it, or name one with CHROMIUM=…")
        browser = await playwright.chromium.launch(executable_path=program, args=list(QUIET))
        stack.push_async_callback(browser.close)
        camera = Camera(browser, running.url, furnished)
        every = scenes(mailbox=running.mailbox_url, **furnished.ids)
        await camera.take_all([scene for scene in every if not words or any(word in scene.called for word in words)])
        return camera


def too_large() -> list[str]:
    """Name the committed pictures that are too large for that."""
    sizes = {PLACE / name: (PLACE / name).stat().st_size for name in KEPT.values()}
    return [f"{file} has {size} bytes; {LARGEST} are allowed" for file, size in sizes.items() if size > LARGEST]


async def main(words: Sequence[str]) -> int:
    """Take the pictures within the limit; 1 where a page is wrong or something is missing."""
    begun = time.monotonic()
    if not words:
        shutil.rmtree(ALL, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(prefix="screenshots", ignore_cleanup_errors=True) as folder:
            async with asyncio.timeout(LIMIT) as limit:
                camera = await picture(Path(folder), words)
    except TimeoutError:
        if not limit.expired():
            raise
        _say(f"It was given up after {LIMIT} s.")
        return 1
    except (SetupError, Error) as error:
        _say(str(error))
        return 1
    faults = sorted(camera.faults) + too_large()
    for fault in faults:
        _say(fault)
    _say(
        f"{camera.taken} pictures are in {ALL}, the top of {len(KEPT)} is in {PLACE}; {time.monotonic() - begun:.0f} s."
    )
    return 1 if faults else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(uvloop.run(main(sys.argv[1:])))
