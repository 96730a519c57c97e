"""Every component in every state on one page, for whoever builds pages; onebox serves it, production does not."""

import re
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from gateway.countries import countries_of
from gateway.language import language_of
from gateway.pages.forms import Form
from gateway.rendering import render
from shared.facts import now
from shared.telling.languages import locale_of

_FAULTS = {"faulty": "Use at most 60 characters.", "wrong-code": "That code is not right. You have 4 attempts left."}
_TOKENS = {
    "ground": ("ground", "surface", "sunken", "line", "edge"),
    "text": ("text", "muted"),
    "accent": ("accent", "accent-deep", "accent-soft", "on-accent", "mark"),
    "grounds of pictures and dialogs": ("paper", "veil", "glow-1", "glow-2"),
    "states": ("good", "good-soft", "warn", "warn-soft", "danger", "danger-soft"),
}
_STATIC = Path(__file__).parent.parent / "static"
_DECLARED = tuple(dict.fromkeys(re.findall(r"--([a-z0-9-]+):", (_STATIC / "tokens.css").read_text("utf-8"))))
_SAMPLES = {
    kind: tuple(name.removeprefix(f"{kind}-") for name in _DECLARED if name.startswith(f"{kind}-"))
    for kind in ("space", "size", "text", "weight")
} | {
    "radius": tuple(name for name in _DECLARED if name.startswith("radius")),
    "motion": tuple(name for name in _DECLARED if name.startswith(("duration-", "easing-"))),
}
_ICONS = tuple(
    name for name in re.findall(r'id="([a-z-]+)"', (_STATIC / "icons.svg").read_text("utf-8")) if name != "mark"
)


async def show(request: web.Request) -> web.StreamResponse:
    """Show the design system."""
    language = language_of(request)
    form = Form(values={"name": "Work phone", "faulty": "A name that is far too long to be kept"}, faults=_FAULTS)
    return render(
        request,
        "styleguide.html",
        language,
        form=form,
        tokens=_TOKENS,
        samples=_SAMPLES,
        icons=_ICONS,
        countries=countries_of(("SE", "NO", "FI", "DK"), locale_of(language)),
        later=now() + timedelta(minutes=20),
    )
