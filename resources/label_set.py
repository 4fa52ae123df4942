"""Label sets: the options that the page offers for a frame set's labels. Pure."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from protocol.errors import ConfigError
from protocol.session.annotations import TEXT_FIELDS

__all__ = ["COLOUR", "DEFAULT_LABEL_SET", "OPTION_PARTS", "LabelSet", "edited_label_set", "parse_label_set"]

DEFAULT_LABEL_SET = "default"
"""The one that ships, for games whose config names none."""

COLOUR = re.compile(r"#[0-9a-f]{6}")
"""Colour of an option: red, green and blue, hex."""

OPTION_PARTS = ("label", "key", "colour", "retired")
"""Parts of an option that can be edited; its `value` stays, as sessions are labelled with it."""

Option = dict[str, Any]
"""`value`; `label`, its shown name; and, where they are given, `key`, `colour`, `retired`."""


@dataclass(frozen=True, slots=True)
class LabelSet:
    """A label set.

    Args:
        name: its file name without the ending.
        version: as its file gives it; empty where it gives none.
        options: by label field, in the order of the file: `value`, `label`, and `key`, `colour`, `retired` where
            they are given. A retired option is no longer offered, and its name is still shown.
    """

    name: str
    version: str
    options: Mapping[str, list[Option]]


def parse_label_set(name: str, document: Mapping[str, Any]) -> LabelSet:
    """Make a label set of its document.

    Args:
        name: its file name without the ending.
        document: its content.

    Raises:
        ConfigError: names the file, what is wrong with it and where.
    """
    fields = document.get("fields")
    if not isinstance(fields, dict):
        raise ConfigError(f"{name}.json has no `fields`, an object with a list of `options` for each label field.")
    options = {field: list(_options(f"{name}.json", field, content)) for field, content in fields.items()}
    return LabelSet(name, str(document.get("version", "")), options)


def edited_label_set(name: str, document: Mapping[str, Any], field: str, edit: Mapping[str, Any]) -> dict[str, Any]:
    """Edit an option, or add it; what else the document holds stays as it is.

    Args:
        name: the label set's file name without the ending.
        document: its content; `parse_label_set` takes it.
        field: label field of the option.
        edit: `value` of the option, and those of `OPTION_PARTS` that change; an empty or false one is taken away.

    Returns:
        The content afterwards, with the next version where that is a number.

    Raises:
        ConfigError: the edit cannot be made; names what is wrong.
    """
    edited = deepcopy(dict(document))
    if field not in TEXT_FIELDS:
        raise ConfigError(f"There is no label field {field[:60]!r} with options; there are {', '.join(TEXT_FIELDS)}.")
    options = edited["fields"].setdefault(field, {"options": []})["options"]
    option = next((one for one in options if normalize("NFC", one["value"]) == edit["value"]), None)
    if option is None:
        option = {"value": edit["value"], "label": edit["value"]}
        options.append(option)
    for part in OPTION_PARTS:
        if part in edit:
            option.pop(part, None)
            if edit[part] not in ("", None, False):
                option[part] = edit[part]
    if type(edited.get("version")) is int:
        edited["version"] += 1
    parse_label_set(name, edited)
    return edited


def _options(file: str, field: str, content: Any) -> Iterator[Option]:
    if field not in TEXT_FIELDS:
        raise ConfigError(
            f"{file}: there is no label field {field[:60]!r} with options; there are {', '.join(TEXT_FIELDS)}."
        )
    options = content.get("options") if isinstance(content, dict) else None
    if not isinstance(options, list):
        raise ConfigError(f"{file}: the field {field} needs a list of `options`.")
    owners: dict[str, str] = {}
    for option in options:
        match option:
            case {"value": str(text)} if text:
                value = normalize("NFC", text)
                key = str(option.get("key") or "").lower()
            case _:
                raise ConfigError(f"{file}: every option of {field} needs a `value`, a text.")
        if key and key in owners:
            raise ConfigError(f"{file}: in {field} the key {key} stands for both {owners[key]} and {value}.")
        owners[key] = value
        yield {
            "value": value,
            "label": str(option.get("label") or value),
            **({"key": key} if key else {}),
            **_colour(file, field, option),
            **({"retired": True} if option.get("retired") is True else {}),
        }


def _colour(file: str, field: str, option: Mapping[str, Any]) -> dict[str, str]:
    colour = option.get("colour")
    if not colour:
        return {}
    if not (isinstance(colour, str) and COLOUR.fullmatch(colour.lower())):
        raise ConfigError(f"{file}: in {field} the colour of {option['value']} must be as #5cb0f8, six hex digits.")
    return {"colour": colour.lower()}
