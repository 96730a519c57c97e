"""Requests of many lines (NDJSON): each line is a request, and is answered by a line."""

from pydantic import Field

from shared.contracts.wording import Answer, Request

MEDIA_TYPE = "application/x-ndjson"


class Line(Request):
    """One line of a request: the lines of one account are done in their order."""

    account: str

    @property
    def done(self) -> int:
        """Give the status of the same request by itself, where it is done."""
        return 200


class LineResult(Answer):
    """What became of one line; results come in the order of the lines."""

    line: int = Field(description="Counted from 1.")
    status: int = Field(examples=[200], description="As the same request by itself would have been answered.")
    problem: dict[str, object] | None = Field(default=None, description="Problem details (RFC 9457), without words.")
