"""Labels of a frame set: `annotations.json`, and edits of it field by field. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import orjson

from protocol.errors import LabelError

__all__ = [
    "FIELD_NAMES",
    "MAX_DESCRIPTION",
    "MAX_TAGS",
    "MAX_VALUE",
    "Annotations",
    "Edit",
    "Value",
    "annotations_json",
    "checked_edit",
    "parse_annotations",
]

MAX_VALUE = 200
"""Longest context, scene, action, intent, outcome or tag, in characters."""

MAX_DESCRIPTION = 20_000
"""Longest description, in characters."""

MAX_TAGS = 64

Value = str | bool | tuple[str, ...]
"""What a field holds."""

Edit = Mapping[str, Value]
"""New values by field name; fields that are not named stay as they are."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """The labels of one frame set; an empty text is no label. Fields in the order of the file."""

    context: str = ""
    scene: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    action: str = ""
    intent: str = ""
    outcome: str = ""
    complete: bool = False

    def as_map(self) -> dict[str, Any]:
        """Return the labels as they stand in the file and on the bus."""
        return {name: _plain(getattr(self, name)) for name in FIELD_NAMES}

    def edited(self, edit: Edit) -> "Annotations":
        """Return the labels with some fields replaced."""
        return replace(self, **edit)  # type: ignore[arg-type]

    def differences(self, after: "Annotations") -> tuple[dict[str, Value], dict[str, Value]]:
        """Return the fields that differ: their values here, and there."""
        names = [name for name in FIELD_NAMES if getattr(self, name) != getattr(after, name)]
        return {name: getattr(self, name) for name in names}, {name: getattr(after, name) for name in names}


FIELD_NAMES = tuple(field.name for field in fields(Annotations))
"""The fields in the order of the file."""


def checked_edit(values: Mapping[str, Any]) -> dict[str, Value]:
    """Check values that came from outside.

    Args:
        values: new values by field name; lists where the field holds several.

    Returns:
        The same as an edit, texts without blanks around them, tags without repetition.

    Raises:
        LabelError: a field does not exist, a value has the wrong type or is too long; the sentence names it.
    """
    return {name: _checked(name, value) for name, value in values.items()}


def annotations_json(annotations: Annotations) -> bytes:
    """Write `annotations.json`."""
    return orjson.dumps(annotations.as_map(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def parse_annotations(data: bytes) -> Annotations:
    """Read `annotations.json`, as the original or a careful hand writes it: keys may be missing, others are ignored.

    Raises:
        LabelError: it is not JSON, or a field holds what it can not hold.
    """
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise LabelError(f"annotations.json is not JSON: {error.msg}") from None
    if not isinstance(document, dict):
        raise LabelError("annotations.json is not an object")
    known = {name: value for name, value in document.items() if name in FIELD_NAMES and value is not None}
    return Annotations(**checked_edit(known))  # type: ignore[arg-type]


def _plain(value: Value) -> str | bool | list[str]:
    return list(value) if isinstance(value, tuple) else value


def _checked(name: str, value: object) -> Value:
    match name, value:
        case "complete", bool():
            return value
        case "tags", list() | tuple():
            tags = tuple(dict.fromkeys(_text("tags", tag, MAX_VALUE) for tag in value))
            if len(tags) > MAX_TAGS:
                raise LabelError(f"A frame set has at most {MAX_TAGS} tags, these are {len(tags)}.")
            return tuple(tag for tag in tags if tag)
        case "description", str():
            return _text(name, value, MAX_DESCRIPTION)
        case (("complete" | "tags" | "description"), _):
            kind = {"complete": "true or false", "tags": "a list of texts", "description": "a text"}[name]
            raise LabelError(f"The label field {name} holds {kind}.")
        case _ if name in FIELD_NAMES:
            return _text(name, value, MAX_VALUE)
        case _:
            raise LabelError(f"There is no label field {name[:60]!r}; there are {', '.join(FIELD_NAMES)}.")


def _text(name: str, value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise LabelError(f"The label field {name} holds text.")
    text = value.strip()
    if len(text) > longest:
        raise LabelError(f"The label field {name} holds at most {longest} characters, this text has {len(text)}.")
    return text
