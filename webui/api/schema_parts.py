"""Parts of the OpenAPI document's schemas. Pure."""

from typing import Any

from protocol.link.messages import MAX_SET

__all__ = [
    "COUNT",
    "NUMBER",
    "PAIR",
    "SIGNED",
    "TEXT",
    "Schema",
    "list_schema",
    "object_schema",
    "ref",
    "whole_object_schema",
]

Schema = dict[str, Any]

NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_SET}
"""Number of a frame set."""

PAIR: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
"""First and last of frame sets in a row."""

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}

SIGNED: Schema = {
    "who": {
        "type": "string",
        "description": "Name of the person or program that edits; undo and redo concern edits of the same name.",
    },
    "origin": {"type": "string", "description": "Kind of client: `api` unless it is given."},
    "command_id": {"type": "string", "description": "With it the command may be sent again and is carried out once."},
}
"""Fields of a command that says who gives it."""


def ref(name: str) -> Schema:
    """Refer to a schema by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def object_schema(required: list[str], *, closed: bool = False, **properties: Schema) -> Schema:
    """Describe an object.

    Args:
        required: names of the properties that it always has.
        closed: whether it has no others.
        properties: schema of each.
    """
    schema: Schema = {"type": "object", "required": required, "properties": properties}
    return {**schema, "additionalProperties": False} if closed else schema


def whole_object_schema(**properties: Schema) -> Schema:
    """Describe an object that has all of these."""
    return object_schema(list(properties), closed=False, **properties)


def list_schema(items: Schema, **limits: int) -> Schema:
    """Describe a list of items, with limits such as `maxItems`."""
    return {"type": "array", "items": items, **limits}
