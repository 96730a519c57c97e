"""House rules of the stylesheets: every measure is a token, every token is there, used and shown."""

import re

import pytest

from tests.rules.test_sources import ROOT

STATIC = ROOT / "gateway/src/gateway/static"
TOKENS = STATIC / "tokens.css"
SHEETS = [file for file in sorted(STATIC.glob("*.css")) if file != TOKENS]
SHOWN = ("space", "size", "text", "weight", "radius")

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARATION = re.compile(r"(?<![\w-])([a-z0-9-]+)\s*:\s*([^;{}]+?)\s*(?=[;}])")
_DECLARED = re.compile(r"--([a-z0-9-]+)\s*:")
_USED = re.compile(r"var\(--([a-z0-9-]+)")
_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|\b(?:white|black|gr[ae]y|silver|red|green|blue)\b"
)
_LENGTH = re.compile(r"(?<![\w.-])-?(?:\d*\.)?\d+(?:r?em|px|v[a-z]{1,4}|dv[a-z]+|ch|ex|%|pt|cm|mm|in)(?![\w-])")
_TIME = re.compile(r"(?<![\w.-])(?:\d*\.)?\d+m?s\b")
_NUMBER = re.compile(r"(?<![\w.-])(?:\d*\.)?\d+")
_EASING = re.compile(r"\b(?:ease|linear|steps|cubic-bezier)\b")
_HAIRLINE = {"1px"}


def declarations(sheet):
    """Give the properties and values of a stylesheet."""
    return _DECLARATION.findall(_COMMENT.sub("", sheet))


def without_tokens(value):
    return re.sub(r"var\([^()]*\)", "", value)


def literals(sheet):
    """Give the declarations that say a measure or a colour themselves."""
    for name, value in declarations(sheet):
        rest = without_tokens(value)
        said = set(_COLOUR.findall(rest))
        if re.fullmatch(r"(?:padding|margin|(?:row-|column-)?gap).*", name):
            said |= set(_LENGTH.findall(rest)) - _HAIRLINE
        elif name == "border-radius":
            said |= set(_LENGTH.findall(rest)) - {"50%"}
        elif name in {"font-size", "font-weight", "line-height"}:
            said |= set(_NUMBER.findall(rest))
        elif name == "font":
            said |= set(_NUMBER.findall(rest.replace("/", " ")))
        elif name.startswith(("transition", "animation")):
            said |= set(_TIME.findall(rest)) | set(_EASING.findall(rest))
        if said:
            yield f"{name}: {value}"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda file: file.name)
def test_a_stylesheet_says_no_measure_itself(sheet):
    assert list(literals(sheet.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "bad",
    [
        *("color: #fff", "background: oklch(50% 0 0)", "border: 1px solid black", "box-shadow: 0 0 1px rgb(0 0 0)"),
        *("font-size: 1rem", "font-size: clamp(1rem, 2vw, 2rem)", "font: 600 1rem/1.2 var(--mono)"),
        *("font-weight: 600", "line-height: 1.5", "border-radius: 4px"),
        *("transition: color 120ms", "animation: breathe .2s", "transition: color var(--duration-short) ease-in"),
        *("padding: 0 1rem", "margin-inline: -0.5rem", "gap: 2px", "column-gap: calc(var(--space-1) + 3px)"),
        *("padding: var(--space-1) 2vw", "margin-block-end: 1em", "row-gap: 50%"),
    ],
)
def test_that_rule_notices(bad):
    sheet = f"@layer pages {{\n  .one:hover {{ display: grid; {bad}; }}\n}}"
    assert list(literals(sheet)) == [bad]
    assert list(literals(sheet.replace(f"{bad};", bad))) == [bad], "the last one may stand without its semicolon"


@pytest.mark.parametrize(
    "good",
    [
        *("padding: 0 auto", "border: 1px solid currentColor", "padding-block: 1px", "border-radius: 50%"),
        *("margin: calc(-1 * var(--space-1))", "gap: 0 var(--space-2)", "font: var(--text-m)/var(--leading-text) x"),
        *("transition: none", "color: color-mix(in oklch, var(--text) 28%, transparent)", "inline-size: 20rem"),
    ],
)
def test_that_rule_lets_pass(good):
    assert list(literals(f".one {{ {good}; }}")) == []


def test_every_token_that_is_used_is_there_and_every_one_that_is_there_is_used():
    sheets = "".join(file.read_text("utf-8") for file in (TOKENS, *SHEETS) if file.name != "styleguide.css")
    declared, used = (set(found.findall(_COMMENT.sub("", sheets))) for found in (_DECLARED, _USED))
    assert used - declared == set()
    assert declared - used == set()


def test_every_token_has_a_sample_in_the_styleguide():
    shown = declarations((STATIC / "styleguide.css").read_text("utf-8"))
    samples = {value.removeprefix("var(--").removesuffix(")") for _, value in shown if value.startswith("var(--")}
    declared = _DECLARED.findall(TOKENS.read_text("utf-8"))
    colours = {name for name, value in declarations(TOKENS.read_text("utf-8")) if value.startswith("oklch(")}
    expected = {name for name in declared if name.startswith(SHOWN) and name != "text"} | {
        name.removeprefix("--") for name in colours
    }
    assert len(expected) > 50
    assert expected - samples == set()
