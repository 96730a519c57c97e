"""Examples made from schemas: the same for everyone, every time, and about nobody."""

import uuid
from collections.abc import Mapping
from typing import Any

from shared.documenting.schemas import PLACE

_SPACE = uuid.UUID("00000000-0000-7000-8000-000000000000")
_TYPICAL = {
    "method_type": "authenticator-app",
    "name": "My telephone",
    "previous_name": "My old telephone",
}
_BY_FORMAT = {"date-time": "2026-03-01T09:00:00Z", "date": "2026-03-01", "uri": "https://portal.example/"}


def example(schema: Mapping[str, Any], components: Mapping[str, Any], name: str = "") -> Any:
    """Make up a value of *schema*; the *name* of a field says what a text would be about."""
    if "$ref" in schema:
        return example(components[schema["$ref"].removeprefix(PLACE)], components, name)
    for key in ("examples", "enum"):
        if key in schema:
            return schema[key][0]
    if "const" in schema:
        return schema["const"]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return example(choices[0], components, name)
    return _of_type(schema, components, name)


def _of_type(schema: Mapping[str, Any], components: Mapping[str, Any], name: str) -> Any:
    match schema.get("type"):
        case "object":
            return {key: example(part, components, key) for key, part in schema.get("properties", {}).items()}
        case "array":
            return [example(schema.get("items", {}), components, name)]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "string":
            return _text(schema, name)
        case _:
            return None


def _text(schema: Mapping[str, Any], name: str) -> str:
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    if name == "id" or name.endswith("_id"):
        return example_id(name)
    return _TYPICAL.get(name, name.replace("_", " "))


def example_id(of: str) -> str:
    """Make up an opaque id, always the same for the same thing (a UUID version 5, RFC 9562)."""
    return str(uuid.uuid5(_SPACE, of))
