import pytest
from babel.messages import Catalog

from gateway import translations


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "LOCALE", tmp_path)
    monkeypatch.setattr(translations, "TEMPLATE", tmp_path / "messages.pot")
    source = Catalog(charset="utf-8")
    source.add("Hello %(name)s")
    source.add(("%(count)s thing", "%(count)s things"))
    monkeypatch.setattr(translations, "gathered", lambda: source)
    return translations


def translate(elsewhere, **strings):
    catalog = elsewhere._read("sv")
    for message in catalog:
        if message.id:
            message.string = strings["many" if isinstance(message.id, tuple) else "one"]
    elsewhere._write(elsewhere._file("sv"), catalog)


def test_what_is_not_translated_is_named(elsewhere):
    assert len(list(elsewhere.faults())) == 3
    elsewhere.extract()
    assert list(elsewhere.faults()) == ["sv: untranslated: 'Hello %(name)s'", "sv: untranslated: '%(count)s thing'"]


def test_translations_are_kept_and_lost_texts_dropped(elsewhere, monkeypatch):
    elsewhere.extract()
    translate(elsewhere, one="Hej %(name)s", many=("%(count)s sak", "%(count)s saker"))
    assert list(elsewhere.faults()) == []
    fewer = Catalog(charset="utf-8")
    fewer.add("Hello %(name)s")
    monkeypatch.setattr(elsewhere, "gathered", lambda: fewer)
    assert [fault.split(":")[1].strip() for fault in elsewhere.faults()] == [
        "not current; run `python -m gateway.translations extract`",
        "obsolete",
    ]
    elsewhere.extract()
    assert list(elsewhere.faults()) == []
    assert elsewhere._read("sv").get("Hello %(name)s").string == "Hej %(name)s"


def test_placeholders_that_differ_are_named(elsewhere):
    elsewhere.extract()
    translate(elsewhere, one="Hej %(nam)s", many=("%(count)s sak", "saker"))
    assert [fault.split(":")[1] for fault in elsewhere.faults()] == [" placeholders differ", " placeholders differ"]


def test_the_program_says_how_to_use_it(capsys):
    assert translations.main([]) == 2
    assert "extract | check" in capsys.readouterr().err
    assert translations.main(["check"]) == 0
