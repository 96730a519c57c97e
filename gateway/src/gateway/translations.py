"""The texts and their translations: loaded at start, gathered and checked with `python -m gateway.translations`."""

import io
import re
import sys
from collections.abc import Iterator
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.support import Translations

from gateway.pseudo import PSEUDO

HERE = Path(__file__).parent
LOCALE = HERE / "locale"
TEMPLATE = LOCALE / "messages.pot"
DEFAULT = "en"
TRANSLATED = ("sv",)
_METHODS = [("**.py", "python"), ("**.html", "jinja2")]
_OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}
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


@cache
def load(language: str) -> NullTranslations:
    """Give the translations into *language*; the texts themselves are English."""
    if language in TRANSLATED:
        catalog = _read(language)
    elif language in PSEUDO:
        catalog = _pretended(language)
    else:
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def gathered() -> Catalog:
    """Gather every text from the sources and templates."""
    catalog = Catalog(charset="utf-8")
    found = sorted(
        extract_from_dir(HERE, _METHODS, _OPTIONS, _KEYWORDS), key=lambda text: (text[0], text[1], str(text[2]))
    )
    for name, _line, text, _comments, context in found:
        catalog.add(text, None, [(name, 0)], context=context)
    return catalog


def extract() -> None:
    """Bring the template and the translation files up to date; translations are kept, lost texts dropped."""
    catalog = gathered()
    _write(TEMPLATE, catalog)
    for language in TRANSLATED:
        translated = _read(language)
        translated.update(catalog, no_fuzzy_matching=True)
        _write(_file(language), translated)


def faults() -> Iterator[str]:
    """Name everything that is wrong with the translation files."""
    catalog = gathered()
    if _as_text(catalog) != (TEMPLATE.read_text("utf-8") if TEMPLATE.exists() else ""):
        yield f"{TEMPLATE.name}: not current; run `python -m gateway.translations extract`"
    for language in TRANSLATED:
        translated = _read(language)
        for text in catalog:
            if text.id:
                yield from (f"{language}: {fault}: {_name(text)}" for fault in _faults(text, translated.get(text.id)))
        kept = [text for text in translated if text.id and text.id not in catalog]
        yield from (f"{language}: obsolete: {_name(text)}" for text in [*kept, *translated.obsolete.values()])


def _faults(text: Message, translated: Message | None) -> Iterator[str]:
    if translated is None:
        yield "missing"
        return
    forms = translated.string if isinstance(translated.string, tuple | list) else (translated.string,)
    present = [form for form in forms if form]
    if len(present) < len(forms):
        yield "untranslated"
    elif translated.fuzzy:
        yield "fuzzy"
    else:
        originals = text.id if isinstance(text.id, tuple | list) else (text.id,)
        allowed = [sorted(_PLACEHOLDER.findall(original)) for original in originals]
        if any(sorted(_PLACEHOLDER.findall(form)) not in allowed for form in present):
            yield "placeholders differ"


def _name(text: Message) -> str:
    return repr(text.id[0] if isinstance(text.id, tuple | list) else text.id)


def _file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


def _read(language: str) -> Catalog:
    if not _file(language).exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with _file(language).open("rb") as file:
        return read_po(file, locale=language)


def _pretended(language: str) -> Catalog:
    """Translate the template's texts by rule; one that was not gathered stays as it is, and so shows."""
    with TEMPLATE.open("rb") as file:
        catalog = read_po(file, locale=DEFAULT)
    write = PSEUDO[language]
    for text in catalog:
        if text.id:
            text.string = tuple(map(write, text.id)) if isinstance(text.id, tuple | list) else write(text.id)
    return catalog


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
    """Carry out `extract` or `check`; give the exit status."""
    match arguments:
        case ["extract"]:
            extract()
        case ["check"]:
            found = list(faults())
            sys.stderr.writelines(f"{fault}\n" for fault in found)
            return 1 if found else 0
        case _:
            sys.stderr.write("usage: python -m gateway.translations extract | check\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
