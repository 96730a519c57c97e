"""What only RabbitMQ's log tells: streams that take messages again, definitions that were not taken."""

import json
import re
from pathlib import Path

from onebox.processes import SetupError

SECTIONS = ("users", "vhosts", "permissions", "topic_permissions", "exchanges", "queues", "bindings")


def streams_are_open(log: Path) -> bool:
    """Tell whether every stream of an earlier run has its writer again.

    Until then, a good third of a second after clients are let in, RabbitMQ 3.10 confirms messages to a stream
    and forgets them.
    """
    text = log.read_text(errors="replace")
    recovering = re.search(r"Recovering (\d+) queues of type rabbit_stream_queue", text)
    return text.count("osiris_writer:init") >= (int(recovering[1]) if recovering else 0)


def check_definitions(definitions: Path, log: Path) -> None:
    """Raise SetupError when RabbitMQ 3.10 gave up on the definitions, of which it says nothing and starts.

    It imports section by section and stops without a word at the first that it dislikes; what is wrong in the
    last section stays hidden even here.
    """
    text = log.read_text(errors="replace")
    if "Starting RabbitMQ 3.10." not in text:
        return
    declared = json.loads(definitions.read_text())
    expected = [section.replace("_", " ") for section in SECTIONS if declared.get(section)]
    taken = re.findall(r"Importing concurrently \d+ ([a-z ]+)\.\.\.", text)
    if missing := [section for section in expected if section not in taken]:
        raise SetupError(f"RabbitMQ did not take the {missing[0]} in {definitions}: look at what stands before them.")


def declares_streams(definitions: Path) -> bool:
    """Tell whether definitions have a stream among their queues."""
    queues = json.loads(definitions.read_text()).get("queues", [])
    return any(queue.get("arguments", {}).get("x-queue-type") == "stream" for queue in queues)


def check_syntax(definitions: Path) -> None:
    """Raise SetupError when the definitions are no JSON, which RabbitMQ 3.10 overlooks."""
    try:
        json.loads(definitions.read_text())
    except ValueError as error:
        raise SetupError(f"{definitions} is not JSON: {error}.") from None
