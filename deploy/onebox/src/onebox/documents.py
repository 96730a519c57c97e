"""Write the documents that are made from the contracts: `python -m onebox.documents [--check | --users FILE]`."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import devices.app
import gateway.app
import organizations.app
import privacy.app
import security_info.app
from gateway.documents import EVENTS, asyncapi_document, openapi_document
from shared.documenting.definitions import definitions

ROOT = Path(__file__).resolve().parents[4]
OPENAPI = Path("docs/api/openapi.json")
ASYNCAPI = Path("docs/api/asyncapi.json")
DEFINITIONS = Path("deploy/rabbitmq/definitions.json")

CONSUMERS = {
    service.NAME: [event.wire for event in service.EVENTS]
    for service in (security_info.app, devices.app, organizations.app, privacy.app, gateway.app)
}
PUBLISHERS = tuple(dict.fromkeys(event.owner() for event in EVENTS))


def documents() -> dict[Path, bytes]:
    """Make every generated document; the paths are relative to the project's folder."""
    return {
        OPENAPI: _json(openapi_document()),
        ASYNCAPI: _json(asyncapi_document()),
        DEFINITIONS: _json(definitions(CONSUMERS, PUBLISHERS)),
    }


def broker_definitions(users: Mapping[str, str]) -> bytes:
    """Make the broker's definitions with *users* (name → password) and their rights; each time with new salts."""
    return _json(definitions(CONSUMERS, PUBLISHERS, users))


def stale(root: Path = ROOT) -> list[Path]:
    """Name the documents that are missing or not what the contracts say now."""
    return [path for path, content in documents().items() if _content(root / path) != content]


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def main(arguments: Sequence[str]) -> int:
    """Write the documents, or with `--check` give 1 and name those that are stale."""
    parser = argparse.ArgumentParser(prog="python -m onebox.documents", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; name what is stale")
    parser.add_argument(
        "--users",
        type=Path,
        metavar="FILE",
        help="write nothing; print the broker's definitions with these users (a JSON object: name to password)",
    )
    chosen = parser.parse_args(arguments)
    if chosen.users:
        sys.stdout.buffer.write(broker_definitions(json.loads(chosen.users.read_text())))
        return 0
    if chosen.check:
        for path in (old := stale()):
            print(f"{path} is stale: run `python -m onebox.documents`", file=sys.stderr)
        return 1 if old else 0
    for path, content in documents().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(content)
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
