"""What a person can do, as the words that journeys are told in."""

import asyncio
import re
import subprocess
from dataclasses import dataclass, field

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from onebox.accounts import DEMO_PASSWORD

_SIGNS = re.compile(r"[.,:?”()]")
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


_ENGLISH = frozenset(
    (
        *("the", "and", "you", "your", "with", "was", "it", "from", "method", "methods", "added", "default"),
        *("security", "activity", "overview", "sign", "signed", "add", "remove", "rename", "older", "today"),
        *("search", "language", "skip", "content", "main", "name", "continue", "cancel", "account", "manage"),
        *("device", "devices", "disable", "disabled", "organization", "organizations", "leave", "home", "member"),
        *("privacy", "statement", "contact", "contacts", "help", "everywhere", "browser", "where", "last", "active"),
        *("laptop", "ago", "seen", "happened", "stolen", "lost", "keep", "stay", "password", "menu"),
        *("january", "february", "march", "may", "june", "july", "august", "october"),
    )
)


@dataclass
class Person:
    """Someone at a browser."""

    page: Page
    account: str
    console: list[str]
    keys: dict[str, str] = field(default_factory=dict)
    """The keys in this person's authenticator app, by the name of the method."""
    scripts: bool = True

    async def sign_in(self, at: str = "/") -> None:
        """Open the portal and sign in at the provider."""
        await self.page.goto(at)
        await self.page.fill("input[name=login]", self.account)
        await self.page.press("input[name=login]", "Enter")
        await self.page.fill("input[name=password]", DEMO_PASSWORD)
        await self.page.press("input[name=password]", "Enter")
        await expect(self.page.locator("header .brand")).to_be_visible()

    async def open(self, path: str) -> None:
        """Open a page of the portal."""
        await self.page.goto(path)

    async def press(self, name: str) -> None:
        """Press the button, or follow the link, of this name in the open dialog, or else in the page's content."""
        dialog = self.page.get_by_role("dialog")
        content = dialog if await dialog.count() else self.page.get_by_role("main")
        button = content.get_by_role("button", name=name, exact=True)
        await button.or_(content.get_by_role("link", name=name, exact=True)).first.click()

    async def start_setup(self, name: str | None = None) -> None:
        """Start adding an authenticator app and note its key, as the app would from the QR code."""
        await self.open("/security-info/add")
        if name is not None:
            await self.page.fill("input[name=name]", name)
        await self.page.locator("main form .button:not(a)").click()
        key = (await self.page.locator("code#key").inner_text()).replace(" ", "")
        self.keys[name or ""] = key

    async def type_code(self, code: str) -> None:
        """Type a code into the setup's last step and send it."""
        await self.page.fill("input[name=code]", code)
        await self.page.press("input[name=code]", "Enter")

    async def add_authenticator_app(self, name: str) -> None:
        """Add an authenticator app from beginning to end."""
        await self.start_setup(name)
        await self.type_code(await self.code(name))

    async def code(self, name: str) -> str:
        """Read the code that the app shows for a method, computed by an independent program."""
        process = await asyncio.create_subprocess_exec(
            *("oathtool", "--totp", "--base32", self.keys[name]), stdout=subprocess.PIPE
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        return out.decode().strip()

    def card(self, name: str) -> Locator:
        """Give the card of a method, a device, an organization or a browser."""
        return self.page.get_by_role("listitem").filter(has=self.page.get_by_role("heading", name=name, exact=True))

    async def see(self, text: str) -> None:
        """See a text in the content."""
        await expect(self.page.get_by_role("main")).to_contain_text(text)

    async def see_in_time(self, text: str, path: str) -> None:
        """See a text that news brings, looking again until it is there."""
        async with asyncio.timeout(10):
            while text not in await self.page.get_by_role("main").inner_text():
                await self.open(path)

    async def switch_language(self, name: str) -> None:
        """Switch the language with the button of this name."""
        await self.page.get_by_role("banner").get_by_role("button", name=name).click()

    async def sign_out(self, name: str = "Sign out") -> None:
        """Sign out."""
        await self.page.get_by_role("banner").get_by_role("button", name=name).click()

    async def find_no_english(self, *names: str) -> None:
        """Find no English words that Swedish does not have, but in *names*."""
        text = await self.page.locator("body").inner_text()
        for name in names:
            text = text.replace(name, "")
        assert _ENGLISH & set(_SIGNS.sub(" ", text.lower()).split()) == set()

    async def find_no_barrier(self) -> None:
        """Let axe look at the page: it finds nothing, in light and in dark. Without scripts it cannot look."""
        if not self.scripts:
            return
        for scheme in ("dark", "light"):
            await self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = await Axe().run(self.page, options=_RULES)
            assert found.violations_count == 0, found.generate_report()
