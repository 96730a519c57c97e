"""The register of data use: what an organization does with which data, and why it may."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.privacy.services import Term
from shared.contracts.privacy.terms import LanguageTag
from shared.contracts.wording import Answer, Request

Held = Literal["profile", "memberships", "devices", "security_info", "history"]
"""What of it the portal itself holds, and can show."""
Source = Literal["person", "organization", "observed", "other"]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Localised = Annotated[dict[LanguageTag, Sentence], Field(min_length=1, max_length=20)]
"""A sentence by language; the first is for those who read none of them."""


class PutDataUse(Request):
    """One use of one category of data."""

    category: Term
    purpose: Term
    legal_basis: Term
    source: Source
    retention: Localised = Field(examples=[{"en": "Until two years after you leave"}])
    recipients: Localised | None = Field(default=None, description="Who else gets it; without it, that was not told.")
    remark: Localised | None = None
    held: Held | None = None


class ToldSentence(Answer):
    """A sentence in the reader's language, or where there is none in it, in the first that it was told in."""

    text: str
    language: str = Field(description="BCP 47.")


class DataUse(Answer):
    """One use, in the reader's language, but for its terms (W3C Data Privacy Vocabulary): pages have words for them."""

    id: str
    organization_id: str
    organization_name: str
    category: str
    purpose: str
    legal_basis: str
    source: str
    retention: ToldSentence
    recipients: ToldSentence | None
    remark: ToldSentence | None
    held: str | None
