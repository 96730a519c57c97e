"""What the gateway knows of how a person reads: as news told it, or the answer to their own choice. Pure."""

from pydantic import BaseModel, ConfigDict

from shared.contracts import privacy as contract


class Preferences(BaseModel):
    """Language, regional format and time zone, None where the browser tells; of two the higher *revision* holds."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    revision: int = 0
    language: str | None = None
    region: str | None = None
    time_zone: str | None = None
    locked: bool = False

    @classmethod
    def of_news(cls, event: contract.PreferencesChanged) -> "Preferences":
        """Give what news tells."""
        return cls(
            revision=event.revision,
            language=event.language,
            region=event.region,
            time_zone=event.time_zone,
            locked=event.locked_by is not None,
        )

    @classmethod
    def of_answer(cls, answer: contract.Preferences) -> "Preferences":
        """Give what privacy answered to a choice."""
        return cls(
            revision=answer.revision,
            language=answer.locked_language or answer.language,
            region=answer.region,
            time_zone=answer.time_zone,
            locked=answer.locked_language is not None,
        )

    def unless_older(self, known: "Preferences") -> "Preferences":
        """Give these, or what is *known* where that is newer."""
        return self if self.revision >= known.revision else known
