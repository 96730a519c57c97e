"""Nothing comes out of a text of terms but what stands on the list, whatever its author tries."""

import time
from contextlib import suppress
from html.parser import HTMLParser

import pytest

from privacy.terms.renderer import SECONDS, Renderer
from privacy.terms.rendering import ATTRIBUTES, OURS, TAGS, digest_of, rendered, says_nothing
from privacy.terms.rendering_apart import MOST_HTML
from shared.contracts.problem import Invalid
from tests.unit.hostile_markdown import EVERYTHING, HTML, LINKS, LONGEST, MASSES, STRUCTURES

LONGEST_SECONDS = SECONDS + 4
"""After which a text is refused at the latest, on a busy machine."""
ALLOWED = {"a": {"href", "rel"}, "ol": {"start"}, "div": {*OURS["div"], "aria-label"}, "th": {"scope"}}
EMPTY = {"br", "hr"}


class Read(HTMLParser):
    """What a browser would find: elements with their attributes, and text; anything else is an error."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == [], "every element ends"

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, _data):
        raise AssertionError("a comment")

    def handle_decl(self, _decl):
        raise AssertionError("a declaration")

    def handle_pi(self, _data):
        raise AssertionError("an instruction")

    def unknown_decl(self, _data):
        raise AssertionError("a declaration")


def read(markdown: str) -> Read:
    found = Read(rendered(markdown))
    for tag, attributes in found.elements:
        assert tag in TAGS
        assert set(attributes) <= ALLOWED.get(tag, set()), tag
        for name, value in attributes.items():
            if name == "href":
                assert value
                assert value.startswith(("https://", "mailto:"))
                assert value.isprintable()
                assert attributes["rel"] == "noopener noreferrer"
            elif name == "start":
                assert value
                assert value.isdigit()
            elif name == "aria-label":
                assert value
            elif name != "rel":
                assert value in OURS[tag][name]
    return found


def test_the_list_is_as_short_as_reading_needs():
    assert {"h1", "img", "script", "style", "iframe", "form", "input", "svg", "base", "meta", "link"}.isdisjoint(TAGS)
    assert {name for names in ATTRIBUTES.values() for name in names} == {"aria-label", "href", "start"}
    assert len(EVERYTHING) >= 60


@pytest.mark.parametrize("tried", HTML.values(), ids=HTML)
def test_html_is_shown_as_it_stands(tried):
    found = read(tried)
    assert {tag for tag, _ in found.elements} <= {"p", "h2"}
    visible = "".join(found.text.split())
    assert visible == "".join(tried.replace("\x00", "").split())


@pytest.mark.parametrize("tried", LINKS.values(), ids=LINKS)
def test_a_link_leads_to_where_it_says_or_nowhere(tried):
    for tag, attributes in read(tried).elements:
        if tag == "a":
            assert attributes["href"].startswith(("https://a.example", "https://b.example"))


@pytest.mark.parametrize("tried", STRUCTURES.values(), ids=STRUCTURES)
def test_structures_bring_nothing_of_their_own(tried):
    found = read(tried)
    assert not {chr(number) for number in (*range(9), *range(14, 32), *range(127, 160), *range(0x202A, 0x202F))} & {
        *found.text
    }
    found.text.encode()


@pytest.mark.parametrize("tried", MASSES.values(), ids=MASSES)
async def test_masses_take_bearable_time_and_room(tried):
    assert len(tried) <= LONGEST
    began = time.monotonic()
    html = ""
    with suppress(Invalid):
        html = (await Renderer().rendered({"en": tried}))["en"]
    assert time.monotonic() - began < LONGEST_SECONDS
    assert len(html) <= MOST_HTML
    read(tried[:2_000])
    Read(html)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a \u2067b\n\nc", "<p>a b</p>\n<p>c</p>"),
        ("a &#x2067;b", "<p>a b</p>"),
        ("a\u2069 \u2066b\u2069", "<p>a \u2066b\u2069</p>"),
        ("\u2068a *b\u2069* \u2067", "<p>\u2068a <em>b\u2069</em> </p>"),
        ("- \u2067a\n- b\u2069", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("a&#x2028;b&#8233;c\u2028d", "<p>a b c d</p>"),
    ],
)
def test_no_sign_turns_what_follows_around_or_breaks_a_line(written, shown):
    assert rendered(written) == shown


def test_the_name_of_a_table_turns_nothing_around_either():
    assert 'aria-label="a, b"' in rendered("| \u2067a | b\u2069 |\n|-|-|")


def test_a_text_that_nobody_means_ill_with_is_all_there():
    markdown = (
        "# Terms\n\nYou *may* **use** `it`.\\\nAlways.\n\n3. three\n4. four\n   - inner\n\n> quoted\n\n---\n\n"
        "| Data | For |\n|---|--:|\n| Name | mail |\n\n"
        "[Read](https://a.example/x?y=1&z=2), <mailto:a@a.example> ![a *stamp*](https://a.example/s.png)\n\n"
        "    code <b>\n"
    )
    assert rendered(markdown) == (
        "<h2>Terms</h2>\n<p>You <em>may</em> <strong>use</strong> <code>it</code>.<br>\nAlways.</p>\n"
        '<ol start="3">\n<li>three</li>\n<li>four\n<ul>\n<li>inner</li>\n</ul>\n</li>\n</ol>\n'
        "<blockquote>\n<p>quoted</p>\n</blockquote>\n<hr>\n"
        '<div class="wide" role="group" tabindex="0" aria-label="Data, For"><table>\n<thead>\n<tr>\n'
        '<th scope="col">Data</th>\n'
        '<th scope="col">For</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>Name</td>\n<td>mail</td>\n</tr>\n</tbody>\n'
        "</table></div>\n"
        '<p><a href="https://a.example/x?y=1&amp;z=2" rel="noopener noreferrer">Read</a>, '
        '<a href="mailto:a@a.example" rel="noopener noreferrer">mailto:a@a.example</a> a stamp</p>\n'
        "<pre><code>code &lt;b&gt;\n</code></pre>"
    )


def test_lists_lie_in_each_other_as_deep_as_anyone_writes():
    found = read("".join("  " * number + f"- level {number}\n" for number in range(12)))
    assert "level 11" in found.text


@pytest.mark.parametrize(("level", "shown"), [(1, "h2"), (2, "h3"), (4, "h5"), (5, "h6"), (6, "h6")])
def test_headings_lie_below_the_pages_own(level, shown):
    assert rendered(f"{'#' * level} Heading") == f"<{shown}>Heading</{shown}>"


@pytest.mark.parametrize("written", [" ", "\n\n", "&nbsp;", "\u200b", "---", "![](https://a.example/x.png)", "> \n"])
def test_a_text_in_which_nobody_sees_anything_is_found(written):
    assert says_nothing(rendered(written))


@pytest.mark.parametrize("written", ["a", "漢", "1", "…", "&lt;", "🙂"])
def test_whatever_is_seen_is_something(written):
    assert not says_nothing(rendered(written))


def test_a_digest_is_of_all_that_is_shown():
    html = rendered("text")
    assert digest_of("Terms", html) == digest_of("Terms", rendered("text  "))
    others = {digest_of("Terms", html), digest_of("terms", html), digest_of("Terms", rendered("texts"))}
    assert len(others) == 3
    assert digest_of("Terms", html) == "b2504c809e78f6a7352df75edccd6320b1e132499cfcf8777045606eef963e9a"
