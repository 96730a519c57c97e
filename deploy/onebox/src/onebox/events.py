"""Print account events of the running onebox as they happen: `FROM=first python -m onebox.events`."""

import asyncio
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import AMQPError
from pamqp.common import FieldValue

from onebox.processes import SetupError
from onebox.token import running
from shared.brokering.dialing import dial
from shared.brokering.topology import LOG

PREFETCH = 100
TIMEOUT = 10.0
NOT_REACHED = "The broker of onebox does not answer any more: is onebox still running?"
NO_BROKER = "onebox runs without RabbitMQ, so there is no log of events to read."
_BACK = re.compile(r"[0-9]+[YMDhms]")


def offset(given: str) -> str | int | datetime:
    """Read where to begin: `first`, `next`, `last`, an offset, how long ago (`1h`, `2D`) or a time (ISO 8601)."""
    if given in {"first", "next", "last"} or _BACK.fullmatch(given):
        return given
    if given.isascii() and given.isdigit():
        return int(given)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise SetupError(
            f"FROM={given} says no place in the log: give first, next, last, an offset, 1h, 2D or a time."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def line(event: Mapping[str, Any]) -> str:
    """Show an event in one line: time, type, account, sequence and its data."""
    data = json.dumps(event.get("data"), ensure_ascii=False, separators=(",", ":"))
    return " ".join([*(str(event.get(name, "-")) for name in ("time", "type", "account", "sequence")), data])


async def follow(url: str, start: str | int | datetime, show: Callable[[str], None]) -> None:
    """Show each event of the log from *start* on, until cancelled; SetupError when the broker goes away."""
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end(_sender: object = None, error: BaseException | None = None) -> None:
        if not over.done():
            over.set_exception(error or ConnectionError())

    async def on_message(message: AbstractIncomingMessage) -> None:
        try:
            show(line(json.loads(message.body)))
        except ValueError:
            show(f"- not an event: message {message.message_id}")
        except OSError as error:  # nobody reads our output any more
            end(error=error)
        await message.ack()

    arguments: dict[str, FieldValue] = {"x-stream-offset": start}
    try:
        connection = await dial(url, timeout=TIMEOUT)
        async with connection:
            channel = await connection.channel()
            connection.close_callbacks.add(end)
            channel.close_callbacks.add(end)
            await channel.set_qos(prefetch_count=PREFETCH)
            log = await channel.get_queue(LOG, ensure=False)
            await log.consume(on_message, arguments=arguments)
            await over
    except BrokenPipeError:
        raise
    except (AMQPError, OSError, RuntimeError) as error:
        raise SetupError(NOT_REACHED) from error


def _show(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    """Print events until Ctrl-C; one sentence on the error stream and 1 when there is nothing to follow."""
    logging.disable()  # the library's log would stand beside our own sentence
    try:
        start = offset(os.environ.get("FROM") or "next")
        if not (url := running().get("amqp")):
            raise SetupError(NO_BROKER)  # noqa: TRY301  # all sentences are said in one place
        asyncio.run(follow(url, start, _show))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains as it ends
    except KeyboardInterrupt:
        print(file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
