"""What a person can do, as the words that journeys are told in."""

import asyncio
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import CDPSession, Locator, Page, expect

from onebox.accounts import DEMO_PASSWORD
from onebox.mailbox import Mailbox

_SIGNS = re.compile(r"[.,:?”()]")
_SECURITY_KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
_VIOLATIONS = {"resultTypes": ["violations"]}
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], **_VIOLATIONS}
_RULES_OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], **_VIOLATIONS}
_SCHEMES: Mapping[Literal["dark", "light"], dict[str, Any]] = {"dark": _RULES_OF_COLOURS, "light": _RULES}
"""What axe looks for; from one scheme to the other only colours change."""


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
    cdp: CDPSession | None = None
    plugged_in: str | None = None

    async def sign_in(self, at: str = "/") -> None:
        """Open the portal and sign in at the provider."""
        await self.page.goto(at)
        await self.type_password(self.page)
        await expect(self.page.locator("header .brand")).to_be_visible()

    async def type_password(self, page: Page) -> None:
        """Tell the provider the password, and who it is where it does not know yet."""
        login = page.locator("input[name=login]")
        await expect(login.or_(page.locator("input[name=password]"))).to_be_visible()
        if await login.count():
            await login.fill(self.account)
            await login.press("Enter")
        await page.wait_for_load_state()  # the provider's scripts take what was typed before they were there
        await page.fill("input[name=password]", DEMO_PASSWORD)
        await page.press("input[name=password]", "Enter")

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
        await self.open("/security-info/add/authenticator-app")
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

    async def code(self, name: str, *, later: bool = False) -> str:
        """Read the code that the app shows for a method, or the one *later*, computed by an independent program."""
        moment = datetime.now(UTC) + timedelta(seconds=30 * later)
        process = await asyncio.create_subprocess_exec(
            *("oathtool", "--totp", "--base32", f"--now={moment:%Y-%m-%d %H:%M:%S} UTC", self.keys[name]),
            stdout=subprocess.PIPE,
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        return out.decode().strip()

    async def prove(self, answer: str) -> None:
        """Type a code where a proof is asked for, and send it."""
        await self.page.fill("input[name=proof_code]", answer)
        await self.page.press("input[name=proof_code]", "Enter")

    async def open_mailbox(self, mailbox: Mailbox, *, to: str, says: str = "") -> Page:
        """Look into the mailbox, in another tab, until a letter to somebody is there that says this, and open it."""
        tab = await self.page.context.new_page()
        letter = tab.get_by_role("main").get_by_role("listitem").filter(has_text=to).filter(has_text=says)
        async with asyncio.timeout(15):
            while not await letter.count():
                await tab.goto(f"{mailbox.url}/?{urlencode({'to': to})}")
        await letter.first.get_by_role("link").click()
        return tab

    async def plug_in_key(self, *held: dict[str, Any]) -> None:
        """Plug a security key in that answers by itself and holds these credentials; the one before comes out."""
        if self.cdp is None:
            self.cdp = await self.page.context.new_cdp_session(self.page)
            await self.cdp.send("WebAuthn.enable")
        await self.pull_key_out()
        made = await self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": dict(_SECURITY_KEY)})
        self.plugged_in = made["authenticatorId"]
        for credential in held:
            told = {"authenticatorId": self.plugged_in, "credential": credential}
            await self.cdp.send("WebAuthn.addCredential", told)

    async def pull_key_out(self) -> None:
        """Pull the security key out; what it holds is gone with it."""
        if self.cdp and self.plugged_in:
            await self.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.plugged_in})
            self.plugged_in = None

    async def credentials(self) -> list[dict[str, Any]]:
        """Read what the key that is plugged in holds."""
        assert self.cdp
        told = await self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.plugged_in})
        return list(told["credentials"])

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

    async def find_no_english_in(self, locale: str, *names: str) -> None:
        """Find no English words but in *names* where the browser's language is another."""
        if not locale.startswith("en"):
            await self.find_no_english(*names)

    async def find_no_barrier(self) -> None:
        """Let axe look at the page: it finds nothing, in light and in dark. Without scripts it cannot look."""
        if not self.scripts:
            return
        for scheme, rules in _SCHEMES.items():
            await self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = await Axe().run(self.page, options=rules)
            assert found.violations_count == 0, found.generate_report()
