"""Markdown, as an organization wrote it → HTML that nothing can hide in (CommonMark 0.31 with tables)."""

import hashlib
import re
import unicodedata
from collections.abc import MutableMapping, Sequence
from html import unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from privacy.terms.leading import is_plain, telling_targets

SCHEMES = frozenset({"https", "mailto"})
TAGS = frozenset(
    {
        *("a", "blockquote", "br", "code", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre"),
        *("strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
    }
)
ATTRIBUTES = {"a": {"href"}, "div": {"aria-label"}, "ol": {"start"}, "*": set[str]()}
OURS = {"div": {"class": {"wide"}, "role": {"group"}, "tabindex": {"0"}}, "th": {"scope": {"col"}}}
"""The attributes that have these values only: a wide table is scrolled by itself, with the keyboard too."""
_REL = "noopener noreferrer"
_LAST_HEADING = 6
_DEEPEST = 32
"""Lists and quotations may lie in each other as deep as no reader follows; what is deeper is left out."""
_DIRECTED = {*range(0x202A, 0x202F)}
"""Embeddings and overrides, by which text shows in another order than it is; isolates and marks are languages' own."""
_DROPPED = {"Cc", "Cs"}
_BREAKS = {"Zl", "Zp"}
"""Separators of lines and paragraphs, at which text would begin anew in the middle of a line."""
_ISOLATES, _END_OF_ISOLATE = frozenset("\u2066\u2067\u2068"), "\u2069"
_BLOCK = re.compile(r"(</?(?!(?:a|code|em|strong)[ >])[^>]*>)")
_LINES = {"\n", "\t", "\r"}


def rendered(markdown: str) -> str:
    """Give the HTML of a text: only what stands above, headings below the first level.

    HTML in the text is shown as it stands, pictures as the words that stand for them.
    """
    clean = nh3.clean(
        _MARKDOWN.render(_readable(markdown)),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        tag_attribute_values=OURS,
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel=_REL,
        strip_comments=True,
    )
    parts = _BLOCK.split(_readable(clean))  # entities bring in what was taken out
    return "".join(map(_balanced, parts)).strip()


def digest_of(title: str, html: str) -> str:
    """Give the SHA-256, in hexadecimal, of what is shown: the title, a line feed and the HTML, in UTF-8."""
    return hashlib.sha256(f"{title}\n{html}".encode()).hexdigest()


def says_nothing(html: str) -> bool:
    """Tell whether nobody would see anything of it."""
    text = unescape(re.sub(r"<[^>]*>", "", html))
    return not any(unicodedata.category(sign)[0] in "LNPS" for sign in text)


def _readable(text: str) -> str:
    return "".join(_shown(sign) for sign in text if not _is_dropped(sign))


def _shown(sign: str) -> str:
    return " " if not sign.isascii() and unicodedata.category(sign) in _BREAKS else sign


def _balanced(text: str) -> str:
    """Leave isolates out that do not end within *text*, and ends of none: they would turn what follows around."""
    begun: list[int] = []
    alone: set[int] = set()
    for place, sign in enumerate(text):
        if sign in _ISOLATES:
            begun.append(place)
        elif sign == _END_OF_ISOLATE:
            if begun:
                begun.pop()
            else:
                alone.add(place)
    alone.update(begun)
    return "".join(sign for place, sign in enumerate(text) if place not in alone) if alone else text


def _is_dropped(sign: str) -> bool:
    if sign.isascii():
        return (sign < " " and sign not in _LINES) or sign == "\x7f"
    return ord(sign) in _DIRECTED or unicodedata.category(sign) in _DROPPED


def _for_pages(state: StateCore) -> None:
    table = None
    for place, token in enumerate(state.tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) + 1, _LAST_HEADING)}"
        elif token.type == "table_open":
            table = token
        elif token.type == "th_open" and table:
            token.attrs = {"scope": "col"}
            heads = "".join(part.content for part in state.tokens[place + 1].children or ())
            table.meta.setdefault("heads", []).append(_balanced(heads.strip()))
        elif token.type == "inline":
            token.children = telling_targets(token.children or [])


def _words(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return escapeHtml(renderer.renderInlineAsText(tokens[place].children, options, env))


def _opened(
    _renderer: RendererHTML, tokens: Sequence[Token], place: int, _options: OptionsDict, _env: MutableMapping[str, Any]
) -> str:
    heads = list(filter(None, tokens[place].meta.get("heads", [])))
    label = f' aria-label="{escapeHtml(", ".join(heads))}"' if heads else ""
    return f'<div class="wide" role="group" tabindex="0"{label}><table>\n'


def _closed(*_args: Any) -> str:
    return "</table></div>\n"


def _may_lead(url: str) -> bool:
    """Tell whether a link may lead there: whether it is one that is let through in the end."""
    link = f'<a href="{escapeHtml(url)}">'
    return is_plain(url) and "href=" in nh3.clean(link, tags={"a"}, url_schemes=set(SCHEMES), url_relative="deny")


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable("table")
    reader.validateLink = _may_lead  # type: ignore[method-assign]  # made to be
    reader.core.ruler.push("for_pages", _for_pages)
    reader.add_render_rule("image", _words)
    reader.add_render_rule("table_open", _opened)
    reader.add_render_rule("table_close", _closed)
    return reader


_MARKDOWN = _reader()
