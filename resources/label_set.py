"""Label sets: the options that the page offers for a frame set's labels. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from protocol.errors import ConfigError
from protocol.session.annotations import TEXT_FIELDS

__all__ = ["DEFAULT_LABEL_SET", "LabelSet", "parse_label_set"]

DEFAULT_LABEL_SET = "default"
"""The one that ships, for games whose config names none."""


@dataclass(frozen=True, slots=True)
class LabelSet:
    """A label set.

    Args:
        name: its file name without the ending.
        version: as its file gives it; empty where it gives none.
        options: `{"value", "label", "key"}` by label field, in the order of the file; `key` may be missing.
    """

    name: str
    version: str
    options: Mapping[str, list[dict[str, str]]]


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


def _options(file: str, field: str, content: Any) -> Iterator[dict[str, str]]:
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
        yield {"value": value, "label": str(option.get("label") or value), **({"key": key} if key else {})}
