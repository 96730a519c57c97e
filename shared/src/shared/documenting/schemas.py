"""JSON schemas of contracts, all under `#/components/schemas/`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import core_schema

PLACE = "#/components/schemas/"


class Plain(GenerateJsonSchema):
    """Leave out titles that only repeat a field's name, and say that an answer always has all of its fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's signature
        """Give fields no title."""
        return False

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001  # pydantic's signature
    ) -> bool:
        """Require every field of what we write, and those without a default of what we read."""
        return self.mode == "serialization" or super().field_is_required(field, total)


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of some classes: *components* by name; the name of a class is asked for with its mode."""

    components: dict[str, Any]
    names: Mapping[tuple[type, JsonSchemaMode], str]

    def name(self, kind: type, mode: JsonSchemaMode) -> str:
        """Name the component that describes *kind*."""
        return self.names[kind, mode]

    def ref(self, kind: type, mode: JsonSchemaMode) -> dict[str, Any]:
        """Refer to the component that describes *kind*."""
        return reference(self.name(kind, mode))


def reference(name: str) -> dict[str, Any]:
    """Refer to a component by its name."""
    return {"$ref": PLACE + name}


def schemas(wanted: Iterable[tuple[type, JsonSchemaMode]]) -> Schemas:
    """Describe models and dataclasses, as they are read (`validation`) or written (`serialization`)."""
    once = dict.fromkeys(wanted)
    found, definitions = TypeAdapter.json_schemas(
        [(kind, mode, TypeAdapter(kind)) for kind, mode in once],
        ref_template=PLACE + "{model}",
        schema_generator=Plain,
    )
    names = {(kind, mode): str(found[kind, mode]["$ref"]).removeprefix(PLACE) for kind, mode in once}
    return Schemas(dict(definitions.get("$defs", {})), names)


def words_of(kind: type) -> str | None:
    """Give what a class says about itself, None where a decorator wrote its signature there instead."""
    words = kind.__doc__
    return None if words is None or words.startswith(f"{kind.__name__}(") else " ".join(words.split())


def self_contained(schema: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    """Give *schema* with all that it refers to under `definitions` of its own."""
    needed: dict[str, Any] = {}
    waiting = _referred(schema)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = components[name]
            waiting += _referred(components[name])
    return {**_moved(schema), "definitions": {name: _moved(needed[name]) for name in sorted(needed)}}


def _referred(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [name for part in schema for name in _referred(part)]
    if not isinstance(schema, Mapping):
        return []
    own = [schema["$ref"].removeprefix(PLACE)] if isinstance(schema.get("$ref"), str) else []
    return own + [name for part in schema.values() for name in _referred(part)]


def _moved(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_moved(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: f"#/definitions/{part.removeprefix(PLACE)}" if key == "$ref" and isinstance(part, str) else _moved(part)
        for key, part in schema.items()
    }
