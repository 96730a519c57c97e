"""Names and arguments of what stands in the broker, for the definitions file and for whoever checks it."""

from typing import Any

EXCHANGE = "account.events"
LOG = "account.events.log"
DELIVERY_LIMIT = 20
LOG_AGE = "30D"


def dead_letters_of(queue: str) -> str:
    """Name the queue that keeps what *queue* could not take."""
    return f"{queue}.dead"


def queue_arguments(queue: str) -> dict[str, Any]:
    """Give the arguments of a service's quorum queue: nothing that it could not take is dropped."""
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": dead_letters_of(queue),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-max-length": 1_000_000,
    }


DEAD_LETTER_ARGUMENTS = {"x-queue-type": "quorum"}
LOG_ARGUMENTS = {
    "x-queue-type": "stream",
    "x-max-age": LOG_AGE,
    "x-stream-max-segment-size-bytes": 100_000_000,
}
