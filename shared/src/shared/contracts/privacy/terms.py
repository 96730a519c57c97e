"""Terms of use: versions in languages, read and accepted, never un-accepted."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.wording import Answer, Identifier, Request, StraightText

LONGEST = 60_000
"""Characters of the Markdown of one text."""
MOST_LANGUAGES = 20

LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$"), Field(examples=["sv"])]
"""A language (BCP 47), with or without a region."""
Version = Annotated[Identifier, Field(examples=["2026-11"])]
"""A version is called by whatever a system may publish it under."""


class TextOfTerms(Request):
    title: StraightText
    markdown: str = Field(min_length=1, max_length=LONGEST, description="CommonMark with tables; no images, no HTML.")


class PublishTerms(Request):
    """A version of terms; once published it stays as it is. The first language is for those who read none of them."""

    texts: dict[LanguageTag, TextOfTerms] = Field(min_length=1, max_length=MOST_LANGUAGES)
    material: bool = Field(default=True, description="Whether who accepted an earlier version is asked again.")

    @model_validator(mode="after")
    def _is_of_bearable_size(self) -> Self:
        if sum(len(text.markdown) for text in self.texts.values()) > 5 * LONGEST:
            raise ValueError("too_long")
        return self


class Acceptance(Answer):
    """That terms were accepted: which text, as it was shown."""

    version: str
    language: str
    digest: str = Field(description="SHA-256 of the text that was shown, in hexadecimal.")
    at: datetime


class Terms(Answer):
    """Terms of one of the account's organizations."""

    id: str
    organization_id: str
    organization_name: str
    title: str
    version: str = Field(description="The current one.")
    published_at: datetime
    languages: tuple[str, ...]
    withdrawn_at: datetime | None = Field(description="Since when nobody is asked to accept them any more.")
    acceptances: tuple[Acceptance, ...] = Field(description="One for each version that was accepted, newest first.")
    to_accept: bool = Field(description="Whether the current version is to be accepted.")


class TermsQuery(Request):
    """Which text: without a version the current one, without a language the reader's own."""

    version: Version | None = None
    language: LanguageTag | None = None


class TermsText(Terms):
    """One text of terms, to be read."""

    shown_version: str
    shown_language: str
    shown_title: str
    html: str = Field(description="Sanitised: no scripts, no styles, nothing that loads.")
    digest: str = Field(description="SHA-256 of this text, in hexadecimal; give it back to accept what was shown.")
    accepted: Acceptance | None = Field(description="The acceptance of this version, in whatever language.")


class AcceptTerms(Request):
    """Accept what was shown."""

    version: Version
    language: LanguageTag
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
