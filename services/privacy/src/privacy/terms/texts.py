"""The texts of terms: each version is written once and never changed, since people accepted it."""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json
from pymongo.errors import DuplicateKeyError

from privacy.terms.renderer import Renderer
from privacy.terms.rendering import digest_of, says_nothing
from shared.connecting import Collection
from shared.contracts.privacy import TextOfTerms
from shared.contracts.problem import FieldProblem, Invalid, Unavailable
from shared.storing import StoreUnavailable
from shared.storing.mongo import answered


class Place(NamedTuple):
    """Where a version of terms is."""

    organization_id: str
    terms_id: str
    version: str


class Text(BaseModel):
    """A text in one language: as it was written, and as it is shown."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    title: str
    markdown: str
    html: str
    digest: str


class Texts:
    """Keep texts by organization, terms and version."""

    def __init__(self, collection: Collection, renderer: Renderer) -> None:
        self._texts = collection
        self._renderer = renderer

    async def of(self, place: Place) -> Mapping[str, Text] | None:
        """Give the texts of a version by their languages, the first for who reads none of them."""
        try:
            found = await answered(self._texts.find_one({"_id": "/".join(place)}))
        except StoreUnavailable as error:
            raise Unavailable from error
        return {one: Text.model_validate(text) for one, text in found["texts"].items()} if found else None

    async def made(self, place: Place, texts: Mapping[str, TextOfTerms]) -> Mapping[str, Text]:
        """Give texts as they are to be shown; where the version has some, those, whatever was asked for.

        Raises `Invalid` for texts in which nobody would see anything, and for those that take too long to render.
        """
        return await self.of(place) or _shown(
            texts, await self._renderer.rendered({language: text.markdown for language, text in texts.items()})
        )

    async def put(self, place: Place, made: Mapping[str, Text]) -> Mapping[str, Text]:
        """Keep the texts of a version and give them as they are kept.

        What is there stays as it was shown, also where we would show it differently by now.
        """
        document = {"_id": "/".join(place), "texts": {language: text.model_dump() for language, text in made.items()}}
        try:
            await answered(self._texts.insert_one(document))
        except StoreUnavailable as error:
            raise Unavailable from error
        except DuplicateKeyError:
            there = await self.of(place)
            if there is None:  # whoever wrote it first has no majority for it yet
                raise Unavailable from None
            return there
        return made


def source_of(texts: Mapping[str, TextOfTerms]) -> str:
    """Give the SHA-256, in hexadecimal, of texts as they were written, in their order."""
    written = [(language, text.title, text.markdown) for language, text in texts.items()]
    return hashlib.sha256(to_json(written)).hexdigest()


def _shown(texts: Mapping[str, TextOfTerms], html: Mapping[str, str]) -> dict[str, Text]:
    empty = [language for language in texts if says_nothing(html[language])]
    if empty:
        raise Invalid(errors=[FieldProblem(pointer=f"/texts/{one}/markdown", key="characters") for one in empty])
    return {
        language: Text(
            title=text.title,
            markdown=text.markdown,
            html=html[language],
            digest=digest_of(text.title, html[language]),
        )
        for language, text in texts.items()
    }
