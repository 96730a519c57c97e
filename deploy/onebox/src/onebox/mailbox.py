"""The local mailbox: a page that lists the letters which stand in a Maildir."""

import asyncio
import mailbox
from email.header import decode_header, make_header
from email.message import Message
from html import escape
from pathlib import Path

from aiohttp import web

FOLDER = web.AppKey("FOLDER", Path)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
STYLE = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
li { margin-block: 1rem; }
p { margin: 0; }
"""
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mailbox</title>
<link rel="stylesheet" href="mailbox.css">
</head>
<body>
<main>
<h1>Mailbox</h1>
{content}
</main>
</body>
</html>
"""
EMPTY = "<p>No letters yet. What My Profile sends to people arrives here.</p>"


def application(folder: Path) -> web.Application:
    """Make the application that shows the Maildir in `folder`, which is created when it is missing."""
    app = web.Application()
    app[FOLDER] = folder
    app.add_routes([web.get("/", show_letters), web.get("/mailbox.css", show_style)])
    return app


async def show_letters(request: web.Request) -> web.Response:
    """Answer with the list of letters, newest first."""
    letters = await asyncio.to_thread(read_letters, request.app[FOLDER])
    content = "<ul>\n" + "\n".join(_item(letter) for letter in letters) + "\n</ul>" if letters else EMPTY
    return web.Response(text=PAGE.format(content=content), content_type="text/html", headers=HEADERS)


async def show_style(_request: web.Request) -> web.Response:
    """Answer with the page's style sheet."""
    return web.Response(text=STYLE, content_type="text/css", headers=HEADERS)


def read_letters(folder: Path) -> list[Message]:
    """Read the letters of a Maildir, newest first."""
    box = mailbox.Maildir(folder, create=True)
    try:
        letters = sorted(box.values(), key=lambda letter: letter.get_date(), reverse=True)
    finally:
        box.close()
    return list[Message](letters)


def _item(letter: Message) -> str:
    subject, to, date = (_text(letter, name) for name in ("Subject", "To", "Date"))
    return f"<li><p><strong>{subject or '(no subject)'}</strong></p><p>To {to}</p><p>{date}</p></li>"


def _text(letter: Message, name: str) -> str:
    return escape(str(make_header(decode_header(letter.get(name, "")))))
