"""Requests of many lines (NDJSON): each line is a request, and is answered by a line."""

from pydantic import Field

from shared.contracts.wording import Answer

MEDIA_TYPE = "application/x-ndjson"


class LineResult(Answer):
    """What became of one line; results come in the order of the lines."""

    line: int = Field(description="Counted from 1.")
    status: int = Field(examples=[200], description="As the same request by itself would have been answered.")
    problem: dict[str, object] | None = Field(default=None, description="Problem details (RFC 9457), without words.")
