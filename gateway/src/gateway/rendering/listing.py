"""Lists within a sentence, as CLDR joins them in the visitor's language."""

from collections.abc import Iterable

from babel.lists import format_list
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from gateway.rendering.people import quoted


@pass_context
def listed(context: Context, things: Iterable[str], *, typed: bool = False) -> Markup:
    """Join *things* as "one, two and three"; those that someone *typed* are kept apart from the sentence."""
    shown = [str(quoted(thing) if typed else escape(thing)) for thing in things]
    return Markup(format_list(shown, locale=context["locale"]))  # noqa: S704  # every part was escaped
