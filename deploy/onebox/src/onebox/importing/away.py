"""What an answer means that is not the one hoped for: to try again, or to end."""

from collections.abc import Mapping
from http import HTTPStatus

from onebox.processes import SetupError

PASSING = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


class AwayError(Exception):
    """The other side cannot be reached or asks to wait; *pause* is in seconds, where it said so."""

    def __init__(self, why: str, pause: float = 0.0) -> None:
        super().__init__(why)
        self.pause = pause


def refused(told: str, status: int, headers: Mapping[str, str]) -> AwayError | SetupError:
    """Give what to raise for a status: AwayError where another time it may be another, else SetupError."""
    if status not in PASSING and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return SetupError(told)
    seconds = headers.get("Retry-After", "")
    return AwayError(told, float(seconds) if seconds.isdecimal() else 0.0)
