"""Gather the texts of every catalogue from the sources, and check that each is translated."""

import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from shared.telling.translations import TRANSLATED, Catalogue, entered

_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
_OF_TEMPLATES = {"trimmed": "true", "silent": "false"}
_OPTIONS = {"**.html": _OF_TEMPLATES, "**.txt": _OF_TEMPLATES}
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "marked": None,
    "counted": (1, 2),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def gathered(catalogues: Iterable[Catalogue]) -> dict[Catalogue, Catalog]:
    """Gather every text from the sources and templates; one that an earlier catalogue has is translated there only."""
    everything: dict[Catalogue, Catalog] = {}
    for catalogue in catalogues:
        earlier = [text.id for catalog in everything.values() for text in catalog]
        own = Catalog(charset="utf-8")
        for name, _line, text, context in sorted(_found(catalogue), key=lambda found: (*found[:2], str(found[2]))):
            if text not in earlier:
                own.add(text, None, [(name, 0)], context=context)
        everything[catalogue] = own
    return everything


def extract(catalogues: Iterable[Catalogue]) -> None:
    """Bring the files up to date: translations are kept, follow their text into another catalogue, or go with it."""
    everything = gathered(catalogues)
    known = {language: [catalogue.read(language) for catalogue in everything] for language in TRANSLATED}
    for catalogue, catalog in everything.items():
        _write(catalogue.template, catalog)
        for language in TRANSLATED:
            translated = catalogue.read(language)
            translated.update(catalog, no_fuzzy_matching=True)
            for text in translated:
                if text.id and not any(_forms(text)):
                    text.string = _moved(text, known[language])
            _write(catalogue.file(language), translated)


def faults(catalogues: Iterable[Catalogue]) -> Iterator[str]:
    """Name everything that is wrong with the files of these catalogues."""
    for catalogue, catalog in gathered(catalogues).items():
        template = catalogue.template
        if _as_text(catalog) != (template.read_text("utf-8") if template.exists() else ""):
            yield f"{catalogue.name}: {template.name}: not current; run `python -m gateway.translations extract`"
        for language in TRANSLATED:
            yield from (
                f"{catalogue.name}: {language}: {fault}" for fault in _differences(catalog, catalogue, language)
            )


def _found(catalogue: Catalogue) -> Iterator[tuple[str, int, str | tuple[str, ...], str | None]]:
    for prefix, folder in catalogue.sources.items():
        for name, line, text, _comments, context in extract_from_dir(folder, _METHODS, _OPTIONS, _KEYWORDS):
            yield f"{prefix}/{name}" if prefix else name, line, text, context


def _differences(catalog: Catalog, catalogue: Catalogue, language: str) -> Iterator[str]:
    translated = catalogue.read(language)
    for text in catalog:
        if text.id:
            yield from (f"{fault}: {_name(text)}" for fault in _faults(text, translated.get(text.id)))
    kept = [text for text in translated if text.id and text.id not in catalog]
    yield from (f"obsolete: {_name(text)}" for text in [*kept, *translated.obsolete.values()])


def _faults(text: Message, translated: Message | None) -> Iterator[str]:
    if translated is None:
        yield "missing"
        return
    present = [form for form in _forms(translated) if form]
    if len(present) < len(_forms(translated)):
        yield "untranslated"
    elif translated.fuzzy:
        yield "fuzzy"
    else:
        originals = text.id if isinstance(text.id, tuple | list) else (text.id,)
        allowed = [sorted(_PLACEHOLDER.findall(original)) for original in originals]
        if any(sorted(_PLACEHOLDER.findall(form)) not in allowed for form in present):
            yield "placeholders differ"


def _forms(text: Message) -> tuple[str | None, ...]:
    return tuple(text.string) if isinstance(text.string, tuple | list) else (text.string,)


def _moved(text: Message, catalogs: Iterable[Catalog]) -> str | tuple[str, ...] | list[str] | None:
    """Give the translation of the same text, counted or not, from the catalogue that it came from."""
    found = (catalog.get(text.id) for catalog in catalogs)
    return next((other.string for other in found if other and other.id == text.id and all(_forms(other))), text.string)


def _name(text: Message) -> str:
    return repr(text.id[0] if isinstance(text.id, tuple | list) else text.id)


def _write(file: Path, catalog: Catalog) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_as_text(catalog), "utf-8")


def _as_text(catalog: Catalog) -> str:
    # Line numbers and dates would make every edit of a source a change of these files.
    out = io.BytesIO()
    write_po(out, catalog, width=100, ignore_obsolete=True, include_lineno=False, omit_header=True)
    header = _HEADER.format(language=catalog.locale, plurals=catalog.plural_forms) if catalog.locale else ""
    return header + out.getvalue().decode()


def main(arguments: list[str]) -> int:
    """Carry out `extract` or `check` for every catalogue that was entered; give the exit status."""
    match arguments:
        case ["extract"]:
            extract(entered())
        case ["check"]:
            found = list(faults(entered()))
            sys.stderr.writelines(f"{fault}\n" for fault in found)
            return 1 if found else 0
        case _:
            sys.stderr.write("usage: python -m gateway.translations extract | check\n")
            return 2
    return 0
