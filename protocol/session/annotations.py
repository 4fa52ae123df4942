"""Labels of a frame set: `annotations.json`, and edits of it field by field. Pure.

Values that arrive in a command are checked strictly (`checked_edit`). Files are read leniently (`read_annotations`),
because the original's versions and people's own tools wrote them differently.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import orjson

from protocol.errors import LabelError
from protocol.texts import checked_text, plain_text

__all__ = [
    "FIELD_NAMES",
    "MAX_DESCRIPTION",
    "MAX_TAGS",
    "MAX_VALUE",
    "NEW_FILE",
    "TEXT_FIELDS",
    "Annotations",
    "AnnotationsFile",
    "Edit",
    "Value",
    "annotations_document",
    "annotations_json",
    "checked_edit",
    "parse_annotations",
    "read_annotations",
    "recorded_edit",
]

MAX_VALUE = 200
"""Longest context, scene, action, intent, outcome or tag, in characters."""

MAX_DESCRIPTION = 20_000
"""Longest description, in characters."""

MAX_TAGS = 64

TEXT_FIELDS = ("context", "scene", "action", "intent", "outcome")
"""Fields that hold one value out of a list of options."""

Value = str | bool | tuple[str, ...]
"""Value of a field."""

Edit = Mapping[str, Value]
"""New values by field name; fields that are not named stay as they are."""

_OLDER_ACTION_KEY = "action_type"
"""Key under which some versions of the original wrote the action."""

_LINE_BREAK_AND_TAB = "\n\t"
"""Control characters that a description may hold."""

_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


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


@dataclass(frozen=True, slots=True)
class AnnotationsFile:
    """An `annotations.json` as it was found.

    Args:
        labels: those in it; a field that cannot be understood is empty.
        other: its other keys and values, and values that cannot be understood: they stay when the file is written.
        tags_as_text: whether its tags are one text, joined by commas, as the original's first app wrote them.
        remarks: sentences on what was read leniently or not understood.
    """

    labels: Annotations = field(default_factory=Annotations)
    other: Mapping[str, Any] = field(default_factory=dict)
    tags_as_text: bool = False
    remarks: tuple[str, ...] = ()


NEW_FILE = AnnotationsFile()
"""A file that does not exist yet: no labels, nothing else, tags as a list."""


def checked_edit(values: Mapping[str, Any]) -> dict[str, Value]:
    """Check values that came from outside.

    Args:
        values: new values by field name; lists where the field holds several.

    Returns:
        The same as an edit: texts in Unicode's composed form (NFC) without blanks around them, tags without repetition.

    Raises:
        LabelError: a field does not exist, a value has the wrong type, is too long or holds control characters; the
            sentence names it.
    """
    return {name: _checked(name, value) for name, value in values.items()}


def recorded_edit(values: Mapping[str, Any]) -> dict[str, Value]:
    """Read an edit out of the history, with `checked_edit`.

    Control characters, which once were allowed, are left out.

    Raises:
        LabelError: as `checked_edit`.
    """
    return checked_edit({name: _without_controls(name, value) for name, value in values.items()})


def annotations_json(labels: Annotations, found: AnnotationsFile = NEW_FILE) -> bytes:
    """Write `annotations.json`.

    Args:
        labels: the labels.
        found: the file as it was: its form and its other keys are kept.
    """
    document = labels.as_map()
    if found.tags_as_text and not any("," in tag for tag in labels.tags):
        document["tags"] = ", ".join(labels.tags)
    for name, value in found.other.items():
        if name == _OLDER_ACTION_KEY and value == found.labels.action:
            document[name] = labels.action
        elif not document.get(name):
            document[name] = value
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def parse_annotations(data: bytes) -> Annotations:
    """Read the labels of an `annotations.json`, as leniently as `read_annotations`.

    Raises:
        LabelError: it is not a JSON object.
    """
    return read_annotations(data).labels


def read_annotations(data: bytes) -> AnnotationsFile:
    """Read `annotations.json`, by whatever tool or by hand it was written.

    Keys may be missing, others are kept. Tags may be a text. What is odd about one field costs that field alone.

    Raises:
        LabelError: it is not a JSON object.
    """
    document = annotations_document(data)
    if document.get("action") is None and _OLDER_ACTION_KEY in document:
        document = {**document, "action": document[_OLDER_ACTION_KEY]}
    values: dict[str, Value] = {}
    other: dict[str, Any] = {}
    remarks: list[str] = []
    for name, value in document.items():
        if name not in FIELD_NAMES:
            other[name] = value
        elif value is not None:
            plain, remark = _lenient(name, value)
            try:
                values[name] = _checked(name, plain)
            except LabelError as error:
                other[name] = value
                remark = f"{str(error).removesuffix('.')}, and the file says {str(value)[:60]!r}"
            if remark:
                remarks.append(remark)
    labels = Annotations(**values)  # type: ignore[arg-type]
    return AnnotationsFile(labels, other, isinstance(document.get("tags"), str), tuple(remarks))


def annotations_document(data: bytes) -> dict[str, Any]:
    """Read `annotations.json` as it is; a byte order mark is passed over.

    Raises:
        LabelError: it is not a JSON object.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = data.decode("utf-16", "replace").encode()
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise LabelError(f"annotations.json is not JSON: {error.msg}") from None
    if not isinstance(document, dict):
        raise LabelError("annotations.json is not an object")
    return document


def _lenient(name: str, value: object) -> tuple[object, str]:
    """Turn a file's value into that of the field where its meaning is plain.

    Returns:
        The value, and a remark on what was odd; empty for none.
    """
    cleaned = _without_controls(name, value)
    match name, cleaned:
        case "complete", str() as text if text.strip().lower() in _BOOLEANS:
            return _BOOLEANS[text.strip().lower()], f"complete is the text {text!r} and not true or false"
        case "complete", 0 | 1 if not isinstance(cleaned, bool):
            return bool(cleaned), f"complete is {cleaned} and not true or false"
        case "tags", str() as text:
            return [tag for part in text.split(",") if (tag := part.strip())], ""
        case "tags", list() as tags if any(type(tag) in {int, float} for tag in tags):
            return [str(tag) if type(tag) in {int, float} else tag for tag in tags], "a tag is a number and not a text"
        case (("complete" | "tags"), _):
            pass
        case _, list() as texts if texts and all(isinstance(text, str) for text in texts):
            return ", ".join(texts), f"{name} is a list and not a text"
        case _, []:
            return "", f"{name} is a list and not a text"
        case _, int() | float() if not isinstance(cleaned, bool):
            return str(cleaned), f"{name} is a number and not a text"
    return cleaned, f"{name} held control characters, which are left out" if cleaned != value else ""


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
            return _text(name, value.replace("\r\n", "\n"), MAX_DESCRIPTION, _LINE_BREAK_AND_TAB)
        case (("complete" | "tags" | "description"), _):
            kind = {"complete": "true or false", "tags": "a list of texts", "description": "a text"}[name]
            raise LabelError(f"The label field {name} holds {kind}.")
        case _ if name in FIELD_NAMES:
            return _text(name, value, MAX_VALUE)
        case _:
            raise LabelError(f"There is no label field {name[:60]!r}; there are {', '.join(FIELD_NAMES)}.")


def _text(name: str, value: object, longest: int, allowed: str = "") -> str:
    return checked_text(f"The label field {name}", value, longest, LabelError, allowed)


def _without_controls(name: str, value: Any) -> Any:
    """Take control characters out of a text, or of the texts in a list."""
    if isinstance(value, list):
        return [_without_controls(name, item) for item in value]
    if not isinstance(value, str):
        return value
    return plain_text(value, _LINE_BREAK_AND_TAB if name == "description" else "")
