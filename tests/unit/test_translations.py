"""Texts are gathered from real sources, into two catalogues as those of `shared` and of the gateway are."""

import pytest

from shared.telling import gathering, translations
from shared.telling.pseudo import lengthened
from shared.telling.translations import SHARED, Catalogue

ALL = '_("Hello %(name)s")\ncounted("%(count)s thing", "%(count)s things", by="count")\n'
HALLO = {"Hello %(name)s": "Hej %(name)s", "%(count)s thing": ("%(count)s sak", "%(count)s saker")}


@pytest.fixture
def made(tmp_path):
    def make(name, **files):
        (tmp_path / name / "src").mkdir(parents=True)
        for file, text in files.items():
            write(tmp_path / name, file, text)
        return Catalogue(name, tmp_path / name / "locale", {name: tmp_path / name / "src"})

    return make


@pytest.fixture
def entered(monkeypatch):
    """Have no other catalogues than those that a test enters."""
    monkeypatch.setattr(translations, "_entered", [])
    translations.load.cache_clear()
    yield translations.enter
    translations.load.cache_clear()


def write(folder, file, text):
    (folder / "src" / file.replace("_", ".")).write_text(text, "utf-8")


def translate(catalogue, strings):
    catalog = catalogue.read("sv")
    for id_, string in strings.items():
        catalog.get(id_).string = string
    gathering._write(catalogue.file("sv"), catalog)


def faults(*catalogues):
    return list(gathering.faults(catalogues))


def test_what_is_not_translated_is_named(made):
    one = made("one", a_py=ALL)
    assert faults(one) == [
        "one: messages.pot: not current; run `python -m gateway.translations extract`",
        "one: sv: missing: 'Hello %(name)s'",
        "one: sv: missing: '%(count)s thing'",
    ]
    gathering.extract([one])
    assert faults(one) == ["one: sv: untranslated: 'Hello %(name)s'", "one: sv: untranslated: '%(count)s thing'"]


def test_translations_are_kept_and_lost_texts_dropped(made):
    one = made("one", a_py=ALL)
    gathering.extract([one])
    translate(one, HALLO)
    assert faults(one) == []
    write(one.locale.parent, "a_py", '_("Hello %(name)s")')
    assert [fault.split(": ", 2)[2] for fault in faults(one)] == [
        "not current; run `python -m gateway.translations extract`",
        "obsolete: '%(count)s thing'",
    ]
    gathering.extract([one])
    assert faults(one) == []
    assert one.read("sv").get("Hello %(name)s").string == "Hej %(name)s"


def test_placeholders_that_differ_are_named(made):
    one = made("one", a_py=ALL)
    gathering.extract([one])
    translate(one, {"Hello %(name)s": "Hej %(nam)s", "%(count)s thing": ("%(count)s sak", "saker")})
    assert [fault.split(": ")[2] for fault in faults(one)] == ["placeholders differ", "placeholders differ"]


def test_a_translation_that_nobody_has_read_is_named(made):
    one = made("one", a_py='_("Hello")')
    gathering.extract([one])
    translate(one, {"Hello": "Hej"})
    file = one.file("sv")
    file.write_text(file.read_text("utf-8").replace('msgid "Hello"', '#, fuzzy\nmsgid "Hello"'), "utf-8")
    assert faults(one) == ["one: sv: fuzzy: 'Hello'"]


def test_texts_are_gathered_from_sources_pages_and_letters(made):
    one = made(
        "one",
        a_py='marked("In a source")',
        b_html="<p>{% trans %}\n  On a\n  page\n{% endtrans %}</p>",
        c_txt="{{ _('In a letter') }}{% trans count=n %}{{ count }} code{% pluralize %}{{ count }} codes{% endtrans %}",
        d_css="_('Nowhere')",
    )
    [catalog] = gathering.gathered([one]).values()
    found = {text.id: text.locations for text in catalog if text.id}
    assert found == {
        "In a source": [("one/a.py", 0)],
        "On a page": [("one/b.html", 0)],
        "In a letter": [("one/c.txt", 0)],
        ("%(count)s code", "%(count)s codes"): [("one/c.txt", 0)],
    }


def test_what_two_packages_say_is_translated_once(made):
    one, two = made("one", a_py='_("Hello")'), made("two", a_py='_("Hello")\n_("Bye")')
    shared, own = gathering.gathered([one, two]).values()
    assert [text.id for text in shared if text.id] == ["Hello"]
    assert [text.id for text in own if text.id] == ["Bye"]


def test_a_counted_text_is_translated_where_it_is_counted(made):
    one, two = made("one", a_py='_("%(n)s thing")'), made("two", a_py='counted("%(n)s thing", "%(n)s things", by="n")')
    own = gathering.gathered([one, two])[two]
    assert [text.id for text in own if text.id] == [("%(n)s thing", "%(n)s things")]
    gathering.extract([one, two])
    assert faults(one, two) == ["one: sv: untranslated: '%(n)s thing'", "two: sv: untranslated: '%(n)s thing'"]


def test_a_text_that_moves_takes_its_translation_along(made):
    one, two = made("one", a_py=""), made("two", a_py=ALL)
    gathering.extract([one, two])
    translate(two, HALLO)
    write(one.locale.parent, "a_py", ALL)
    assert {fault.split(": ")[0] for fault in faults(one, two)} == {"one", "two"}
    gathering.extract([one, two])
    assert faults(one, two) == []
    assert [one.read("sv").get(id_).string for id_ in HALLO] == list(HALLO.values())
    assert not [text.id for text in two.read("sv") if text.id]


def test_a_package_finds_its_own_translations_and_those_that_it_shares(made, entered):
    one, two = made("one", a_py=ALL), made("two", a_py='_("Bye")')
    gathering.extract([one, two])
    translate(one, HALLO)
    translate(two, {"Bye": "Hej då"})
    entered(one)
    alone = translations.load("sv")
    assert (alone.gettext("Hello %(name)s"), alone.gettext("Bye")) == ("Hej %(name)s", "Bye")
    entered(two)
    both = translations.load("sv")
    assert both is translations.load("sv")
    assert (both.gettext("Hello %(name)s"), both.gettext("Bye")) == ("Hej %(name)s", "Hej då")
    assert [both.ngettext("%(count)s thing", "%(count)s things", number) for number in (1, 2)] == [
        "%(count)s sak",
        "%(count)s saker",
    ]
    assert translations.load("en-XA").gettext("Bye") == lengthened("Bye")
    assert translations.load("en-XA").gettext("Hello %(name)s") == lengthened("Hello %(name)s")
    assert translations.load("en-XA").ngettext("%(count)s thing", "%(count)s things", 2) == lengthened(
        "%(count)s things"
    )
    assert translations.load("en").gettext("Bye") == "Bye"


def test_services_are_read_for_texts_too():
    assert {"shared", "security_info", "organizations"} <= SHARED.sources.keys()
    assert all((folder / "__init__.py").exists() for folder in SHARED.sources.values())


def test_the_program_says_how_to_use_it(capsys):
    assert gathering.main([]) == 2
    assert "extract | check" in capsys.readouterr().err
    assert gathering.main(["check"]) == 0
