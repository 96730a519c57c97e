"""The texts of terms: each version is written once and never changed, since people accepted it."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from pydantic import BaseModel, ConfigDict
from pymongo.errors import DuplicateKeyError

from privacy.rendering import digest_of, rendered, says_nothing
from shared.connecting import Collection
from shared.contracts.privacy import TextOfTerms, VersionPublished
from shared.contracts.problem import FieldProblem, Invalid, Unavailable
from shared.storing import StoreUnavailable
from shared.storing.mongo import answered

_workers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="texts")
"""One: a long text takes a second, in which others are to be answered."""


class Text(BaseModel):
    """A text in one language: as it was written, and as it is shown."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    title: str
    markdown: str
    html: str
    digest: str


class Texts:
    """Keep texts by organization, terms and version."""

    def __init__(self, collection: Collection) -> None:
        self._texts = collection

    async def of(self, organization_id: str, terms_id: str, version: str) -> Mapping[str, Text] | None:
        """Give the texts of a version by their languages, the first for who reads none of them."""
        try:
            found = await answered(self._texts.find_one({"_id": _place(organization_id, terms_id, version)}))
        except StoreUnavailable as error:
            raise Unavailable from error
        return {one: Text.model_validate(text) for one, text in found["texts"].items()} if found else None

    async def put(
        self, organization_id: str, terms_id: str, version: str, texts: Mapping[str, TextOfTerms]
    ) -> Mapping[str, Text]:
        """Keep the texts of a version and give them as they are kept; raises `VersionPublished` for other ones.

        What is there stays as it was shown, also where we would show it differently by now.
        """
        kept = await self.of(organization_id, terms_id, version)
        if kept is None:
            made = await asyncio.get_running_loop().run_in_executor(_workers, _made, texts)
            kept = await self._inserted(organization_id, terms_id, version, made)
        written = [(language, text.title, text.markdown) for language, text in kept.items()]
        if written != [(language, text.title, text.markdown) for language, text in texts.items()]:
            raise VersionPublished
        return kept

    async def _inserted(
        self, organization_id: str, terms_id: str, version: str, made: Mapping[str, Text]
    ) -> Mapping[str, Text]:
        document = {
            "_id": _place(organization_id, terms_id, version),
            "texts": {language: text.model_dump() for language, text in made.items()},
        }
        try:
            await answered(self._texts.insert_one(document))
        except StoreUnavailable as error:
            raise Unavailable from error
        except DuplicateKeyError:
            there = await self.of(organization_id, terms_id, version)
            if there is None:  # whoever wrote it first has no majority for it yet
                raise Unavailable from None
            return there
        return made


def _place(organization_id: str, terms_id: str, version: str) -> str:
    return f"{organization_id}/{terms_id}/{version}"


def _made(texts: Mapping[str, TextOfTerms]) -> dict[str, Text]:
    made, empty = {}, []
    for language, text in texts.items():
        html = rendered(text.markdown)
        if says_nothing(html):
            empty.append(FieldProblem(pointer=f"/texts/{language}/markdown", key="characters"))
        made[language] = Text(title=text.title, markdown=text.markdown, html=html, digest=digest_of(text.title, html))
    if empty:
        raise Invalid(errors=empty)
    return made
