"""Open connections to RabbitMQ."""

from aio_pika import Connection
from aio_pika.connection import make_url

TIMEOUT = 5.0


async def dial(url: str, *, timeout: float = TIMEOUT) -> Connection:  # noqa: ASYNC109  # the library's own
    """Open a connection, or close what was begun: the library would do that when it is collected, wherever that is."""
    connection = Connection(make_url(url))
    try:
        await connection.connect(timeout=timeout)
    except BaseException:
        await connection.close()
        raise
    return connection
