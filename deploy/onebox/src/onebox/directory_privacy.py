"""What stands in a directory's file of what an organization does with data: services, data uses, terms and rules."""

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationInfo, model_validator

from shared.contracts.organizations import PutOrganization
from shared.contracts.privacy import PublishTerms, PutConnection, PutDataUse, PutPrivacyRules, PutService
from shared.contracts.privacy.terms import Version
from shared.contracts.wording import Identifier

Connections = dict[Identifier, dict[Identifier, PutConnection]]
"""The services to which an account is connected, by organization."""


class VersionEntry(PublishTerms):
    """A version of terms; a text stands in the file, or in a `file` of its own."""

    version: Version

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, told: Any, info: ValidationInfo) -> Any:
        if not isinstance(told, dict) or not isinstance(told.get("texts"), dict):
            return told
        texts = {language: _text(text, Path(info.context or "")) for language, text in told["texts"].items()}
        return {**told, "texts": texts}

    @property
    def itself(self) -> PublishTerms:
        """Give what is published."""
        said = self.model_fields_set - {"version"}
        return PublishTerms.model_construct(said, texts=self.texts, material=self.material)


class OrganizationEntry(PutOrganization):
    """An organization, and with it what is put in by itself; versions of terms stand in their order."""

    services: dict[Identifier, PutService] = Field(default={})
    data_uses: dict[Identifier, PutDataUse] = Field(default={})
    terms: dict[Identifier, tuple[VersionEntry, ...]] = Field(default={})
    privacy_rules: PutPrivacyRules | None = None


def _text(told: Any, folder: Path) -> Any:
    if not isinstance(told, dict) or "file" not in told:
        return told
    try:
        markdown = (folder / str(told["file"])).read_text("utf-8")
    except (OSError, ValueError):
        raise ValueError("text") from None
    return {**{name: value for name, value in told.items() if name != "file"}, "markdown": markdown}
