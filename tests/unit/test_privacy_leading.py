"""A link leads to where it seems to lead, or tells where it leads, or is none."""

import pytest

from privacy.terms.rendering import rendered


def link(target, words, more=""):
    return f'<p><a href="{target}" rel="noopener noreferrer">{words}</a>{more}</p>'


@pytest.mark.parametrize(
    "address",
    [
        "https://bank.example@evil.example",
        "https://bank.example%40evil.example",
        "https://bank.example:pin@evil.example/x",
        "https://bank.example\\@evil.example",
        "https://[bad",
        "https://a.example:99999",
        "https://%zz",
        "https://xn--a.example",
    ],
)
def test_an_address_that_seems_to_be_another_or_is_none_is_no_link(address):
    for written in (f"[words]({address})", f"<{address}>", f"[words][1]\n\n[1]: {address}"):
        assert "<a" not in rendered(written)


def test_an_entity_hides_no_user_information():
    assert "<a" not in rendered("[words](https://bank.example&#64;evil.example)")


@pytest.mark.parametrize(
    ("words", "target", "where"),
    [
        ("bank.example", "https://evil.example/x", "evil.example"),
        ("www.bank.example/login", "https://evil.example", "evil.example"),
        ("https://bank.example", "https://evil.example?x", "evil.example"),
        ("https://localhost/x", "https://evil.example#x", "evil.example"),
        ("at **bank.example** now", "https://evil.example:8443/", "evil.example"),
        ("`bank.example`", "https://evil.example", "evil.example"),
        ("bank\u3002example", "https://evil.example", "evil.example"),
        ("bank.exa\u200bmple", "https://evil.example", "evil.example"),
        ("me@bank.example", "mailto:me@evil.example?subject=x", "me@evil.example"),
        ("bank.example", "mailto:x@evil.example,x@bank.example", "x@evil.example,x@bank.example"),
        ("192.0.2.1", "https://evil.example", "evil.example"),
        ("bänk.example", "https://xn--bnk-ula.example", "xn--bnk-ula.example"),
    ],
)
def test_where_a_link_leads_is_told_if_its_words_look_like_another_address(words, target, where):
    assert rendered(f"[{words}]({target})").endswith(f"</a> ({where})</p>")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[words](https://a.example/x)", link("https://a.example/x", "words")),
        ("[A.example/terms](https://www.a.example/)", link("https://www.a.example/", "A.example/terms")),
        ("[version 1.2, e.g.](https://a.example)", link("https://a.example", "version 1.2, e.g.")),
        ("<https://a.example:8443/x.html?b.example>", link(*["https://a.example:8443/x.html?b.example"] * 2)),
        ("<me@a.example>", link("mailto:me@a.example", "me@a.example")),
        ("[bücher.example](https://bücher.example)", link("https://xn--bcher-kva.example", "bücher.example")),
    ],
)
def test_nothing_is_told_where_nothing_is_to_be_told(written, shown):
    assert rendered(written) == shown
