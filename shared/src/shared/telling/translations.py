"""The catalogues of translations: a package enters its own when it is imported, and `load` looks in all of them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from shared.telling.languages import DEFAULT, LANGUAGES
from shared.telling.pseudo import PSEUDO

TRANSLATED = tuple(language for language in LANGUAGES if language != DEFAULT)
_HERE = Path(__file__).parent
_SERVICES = _HERE.parents[3] / "services"


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The translations in the folder *locale* of the texts in *sources*: folders, by what the names of files follow."""

    name: str
    locale: Path
    sources: Mapping[str, Path]

    @property
    def template(self) -> Path:
        """Name the file of all texts, untranslated."""
        return self.locale / "messages.pot"

    def file(self, language: str) -> Path:
        """Name the file of the translations into *language*."""
        return self.locale / language / "LC_MESSAGES" / "messages.po"

    def read(self, language: str) -> Catalog:
        """Read the translations into *language*, none where there is no file."""
        if not self.file(language).exists():
            return Catalog(locale=language, charset="utf-8", fuzzy=False)
        with self.file(language).open("rb") as file:
            return read_po(file, locale=language)

    def pretended(self, language: str) -> Catalog:
        """Translate the template's texts by rule; one that was not gathered stays as it is, and so shows."""
        with self.template.open("rb") as file:
            catalog = read_po(file, locale=DEFAULT)
        write = PSEUDO[language]
        for text in catalog:
            if text.id:
                text.string = tuple(map(write, text.id)) if isinstance(text.id, tuple | list) else write(text.id)
        return catalog


SHARED = Catalogue(
    "shared",
    _HERE / "locale",
    # An installed package has no services beside it; only who gathers texts from the sources looks for them.
    {"shared": _HERE.parent} | {found.name: found for found in sorted(_SERVICES.glob("*/src/*")) if found.is_dir()},
)
"""What is told by more than one package, and what services tell in letters."""

_entered: list[Catalogue] = [SHARED]


def enter(catalogue: Catalogue) -> None:
    """Let `load` find the translations of *catalogue* too, before those that were entered earlier."""
    _entered.append(catalogue)
    load.cache_clear()


def entered() -> tuple[Catalogue, ...]:
    """Give the catalogues in the order in which they were entered."""
    return tuple(_entered)


@cache
def load(language: str) -> NullTranslations:
    """Give the translations into *language*; the texts themselves are English."""
    found = NullTranslations()
    if language in (*TRANSLATED, *PSEUDO):
        for catalogue in _entered:
            own = _compiled(catalogue.read(language) if language in TRANSLATED else catalogue.pretended(language))
            own.add_fallback(found)
            found = own
    return found


def _compiled(catalog: Catalog) -> Translations:
    out = io.BytesIO()
    write_mo(out, catalog)
    out.seek(0)
    return Translations(out)
