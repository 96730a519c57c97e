"""The mailbox's page, and the same as JSON."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.rendering.assets import Assets
from onebox.mailbox.keeping import MOST, Letters
from onebox.mailbox.letters import CHANNELS, Letter
from onebox.mailbox.webhook import Webhook

PER_PAGE = 50
LONGEST_POST = 65_536
"""Bytes of a post to the webhook."""
_HERE = Path(__file__).parent
_HOSTS = {"localhost", "127.0.0.1"}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_LETTER_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class _Wish:
    """Which letters are to be shown."""

    channel: str
    to: str

    @classmethod
    def of(cls, request: web.Request) -> "_Wish":
        """Read it from the query; a channel that there is not is a 400."""
        wish = cls(request.query.get("channel", ""), request.query.get("to", "").strip())
        if wish.channel and wish.channel not in CHANNELS:
            raise web.HTTPBadRequest(text=f"channel is one of {', '.join(CHANNELS)}")
        return wish

    def fits(self, letter: Letter) -> bool:
        """Tell whether a letter is one of them."""
        return self.channel in ("", letter.channel) and self.is_for(letter)

    def is_for(self, letter: Letter) -> bool:
        """Tell whether a letter went to the person who is asked for, in any channel."""
        return not self.to or letter.to.casefold() == self.to.casefold()

    def address(self, **other: Any) -> str:
        """Give the page's address for these letters, or for others."""
        told = {"channel": self.channel, "to": self.to} | other
        query = urlencode({name: value for name, value in told.items() if value})
        return f"/?{query}" if query else "/"


class _Page:
    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._assets = Assets.load()
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals |= {"asset": self._assets.url, "moment": _moment}
        self._style = (_HERE / "mailbox.css").read_text("utf-8")

    async def show_all(self, request: web.Request) -> web.Response:
        """Show the letters that are wished for, newest first."""
        wish = _Wish.of(request)
        there = await self._letters.all()
        found = [letter for letter in there if wish.fits(letter)]
        pages = max(1, -(-len(found) // PER_PAGE))
        asked = request.query.get("page", "1")
        page = min(pages, max(1, int(asked))) if asked.isdecimal() and len(asked) < len(str(MOST)) + 1 else 1
        return self._shown(
            "list.html",
            wish=wish,
            letters=found[(page - 1) * PER_PAGE : page * PER_PAGE],
            total=len(found),
            counts=Counter(letter.channel for letter in there if wish.is_for(letter)),
            any=bool(there),
            recipients=sorted({letter.to for letter in there if letter.to} | ({wish.to} if wish.to else set())),
            page=page,
            pages=pages,
        )

    async def show_one(self, request: web.Request) -> web.Response:
        """Show one letter."""
        return self._shown("letter.html", letter=await self._asked(request))

    async def show_html(self, request: web.Request) -> web.Response:
        """Give an e-mail's HTML, which may run and load nothing."""
        found = await self._asked(request)
        if found.html is None:
            raise web.HTTPNotFound
        return web.Response(
            text=found.html,
            content_type="text/html",
            charset="utf-8",
            headers={"Content-Security-Policy": f"{_LETTER_POLICY}; frame-ancestors 'self'"},
        )

    async def tell(self, request: web.Request) -> web.Response:
        """Give the letters that are wished for, newest first."""
        wish = _Wish.of(request)
        return web.json_response([_told(letter) for letter in await self._letters.all() if wish.fits(letter)])

    async def show_style(self, _request: web.Request) -> web.Response:
        """Give the page's own stylesheet."""
        return web.Response(text=self._style, content_type="text/css", charset="utf-8")

    async def _asked(self, request: web.Request) -> Letter:
        key = request.match_info["key"]
        for letter in await self._letters.all():
            if letter.key == key:
                return letter
        raise web.HTTPNotFound(
            text=self._templates.get_template("gone.html").render(),
            content_type="text/html",
            headers={"Content-Security-Policy": _POLICY},
        )

    def _shown(self, template: str, **told: Any) -> web.Response:
        return web.Response(
            text=self._templates.get_template(template).render(told),
            content_type="text/html",
            headers={"Content-Security-Policy": _POLICY},
        )


def application(letters: Letters, webhook: Webhook) -> web.Application:
    """Make the application that shows the letters and takes texts and calls."""
    page = _Page(letters)
    app = web.Application(client_max_size=LONGEST_POST, middlewares=[_guarded])
    app.add_routes(
        [
            web.get("/", page.show_all),
            web.get("/letters", page.tell),
            web.get("/letters/{key}", page.show_one),
            web.get("/letters/{key}/html", page.show_html),
            web.get("/mailbox.css", page.show_style),
            web.get("/static/{name}", Assets.load().response),
            web.post("/webhook", webhook.take),
        ]
    )
    return app


@web.middleware
async def _guarded(request: web.Request, handler: _Handler) -> web.StreamResponse:
    # Under another name it would be a stranger's page that asks, by a name that leads here (DNS rebinding).
    if request.host.partition(":")[0] not in _HOSTS:
        raise web.HTTPMisdirectedRequest
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(_HEADERS)
        raise
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _told(letter: Letter) -> Mapping[str, Any]:
    shown = ("id", "channel", "to", "subject", "text", "html", "language")
    told = {name: getattr(letter, name) for name in shown}
    return {**told, "at": letter.at.isoformat(), "page": f"/letters/{letter.key}"}


def _moment(at: datetime) -> str:
    """Say when it was, on this machine's clock."""
    local = at.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M:%S}"
