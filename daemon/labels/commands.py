"""Label commands of the bus: parsing and checks. Pure."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from protocol.errors import LabelError
from protocol.link.messages import MAX_SET
from protocol.session.annotations import TEXT_FIELDS, Annotations, Edit, Value, checked_edit
from resources.label_set import OPTION_PARTS

__all__ = [
    "LABEL_ARGUMENTS",
    "LABEL_SET_ARGUMENTS",
    "LATCH_ARGUMENTS",
    "MAX_NAME",
    "MAX_PARTS",
    "UNDO_ARGUMENTS",
    "CommandHeader",
    "Part",
    "merged",
    "parse_at_most",
    "parse_header",
    "parse_parts",
    "parse_values",
]

MAX_NAME = 60
"""Longest name of a person, an origin or a command, in characters."""

MAX_PARTS = 64
"""Most parts of a command."""

_SELECTOR = ("frame_sets", "first", "last", "ranges")
_PART = frozenset({*_SELECTOR, "where", "labels", "add_tags", "remove_tags"})
_HEADER = ("session", "who", "origin", "command_id")

LABEL_ARGUMENTS = frozenset({*_HEADER, *_PART, "parts"})
LATCH_ARGUMENTS = frozenset({*_HEADER, "labels"})
UNDO_ARGUMENTS = frozenset({*_HEADER, "at_most"})
LABEL_SET_ARGUMENTS = frozenset({*_HEADER, "field", "value", *OPTION_PARTS})
"""Arguments that `label`, `latch`, `undo` or `redo`, and `edit_label_set` may have."""


@dataclass(frozen=True, slots=True)
class CommandHeader:
    """Fields that every label command carries.

    Args:
        session: the session's id.
        who: name of the person who gives it.
        origin: from where, such as `page`.
        command_id: names this command among all others, so that it can be sent again without being carried out twice;
            empty where nobody will.
        reason: why the labels are given, in words; empty where a person chose them.
    """

    session: str
    who: str
    origin: str
    command_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a label command: new labels of some frame sets.

    A command may have several parts; it is one entry of the history all the same.

    Args:
        listed: frame sets that are named one by one, whether they exist or not; each once.
        ranges: frame sets that are named as ranges; ascending and apart.
        edit: new values by field.
        added: tags given in addition to those that are there.
        removed: tags taken away.
        expected: values that a set must have for the part to be about it; tags among others.
    """

    listed: Sequence[int]
    ranges: Sequence[range]
    edit: Edit
    added: tuple[str, ...]
    removed: frozenset[str]
    expected: Edit = field(default_factory=dict)

    def applied(self, labels: Annotations) -> Annotations:
        """Return a frame set's labels after this part."""
        if not self._is_about(labels):
            return labels
        after = labels.edited(self.edit)
        if self.added or self.removed:
            tags = [tag for tag in after.tags if tag not in self.removed]
            after = after.edited(checked_edit({"tags": [*tags, *self.added]}))
        return after

    def repeated(self, labels: Annotations) -> dict[str, str]:
        """Return the values of this part that a frame set has already, by field with one text."""
        if not self._is_about(labels):
            return {}
        given = {name: value for name, value in self.edit.items() if name in TEXT_FIELDS and isinstance(value, str)}
        return {name: value for name, value in given.items() if value and getattr(labels, name) == value}

    def _is_about(self, labels: Annotations) -> bool:
        return all(_has(labels, name, value) for name, value in self.expected.items())


def parse_header(arguments: Mapping[str, Any], known: Set[str]) -> CommandHeader:
    """Read the fields that every label command carries.

    Args:
        arguments: all of the command's.
        known: names of those that it may have.

    Raises:
        LabelError: one of the names is not a text, or there is an argument too many.
    """
    _no_others(arguments, known)
    names = [arguments.get(name, "") for name in _HEADER]
    if not all(isinstance(name, str) for name in names):
        raise LabelError("A label command names its session, who gives it and from where, as texts.")
    session, who, origin, command_id = names
    return CommandHeader(session, who.strip()[:MAX_NAME], origin.strip()[:MAX_NAME], command_id[:MAX_NAME])


def parse_at_most(arguments: Mapping[str, Any]) -> int | None:
    """Read how many frame sets an undo or redo may change; None where it may be any number.

    Raises:
        LabelError: it is no such number.
    """
    at_most = arguments.get("at_most")
    if at_most is not None and (type(at_most) is not int or at_most < 0):
        raise LabelError("`at_most` is the number of frame sets that an undo or redo may change.")
    return at_most


def parse_parts(arguments: Mapping[str, Any]) -> list[Part]:
    """Read the parts of a label command: those in `parts`, else the command itself.

    Raises:
        LabelError: a field or value cannot be given, or frame sets are named in no way that is known.
    """
    own = {name: value for name, value in arguments.items() if name in _PART}
    parts = arguments.get("parts", [own])
    if not (isinstance(parts, list) and all(isinstance(part, dict) for part in parts)):
        raise LabelError("The parts of a label command are a list of maps.")
    if not 0 < len(parts) <= MAX_PARTS or ("parts" in arguments and own):
        raise LabelError(f"A label command has 1 to {MAX_PARTS} parts, and names labels and frame sets in them alone.")
    return [_part(part) for part in parts]


def parse_values(arguments: Mapping[str, Any], name: str = "labels") -> Edit:
    """Read values by field: the new ones, or those of another argument.

    Raises:
        LabelError: a field or value cannot be given.
    """
    labels = arguments.get(name, {})
    if not isinstance(labels, dict):
        raise LabelError(f"A label command's {name!r} is a map of values by field.")
    return checked_edit(labels)


def merged(ranges: Iterable[range]) -> list[range]:
    """Sort ranges, join those that meet or overlap, and leave out empty ones."""
    together: list[range] = []
    for each in sorted((each for each in ranges if each), key=lambda each: each.start):
        if together and each.start <= together[-1].stop:
            together[-1] = range(together[-1].start, max(together[-1].stop, each.stop))
        else:
            together.append(each)
    return together


def _part(part: Mapping[str, Any]) -> Part:
    _no_others(part, _PART)
    listed, ranges = _selected({name: part[name] for name in _SELECTOR if name in part})
    removed = frozenset(_tags(part, "remove_tags"))
    return Part(listed, ranges, parse_values(part), _tags(part, "add_tags"), removed, parse_values(part, "where"))


def _has(labels: Annotations, name: str, value: Value) -> bool:
    now = getattr(labels, name)
    return set(value) <= set(now) if isinstance(value, tuple) else bool(now == value)


def _no_others(given: Mapping[str, Any], known: Set[str]) -> None:
    unknown = set(given) - known
    if unknown:
        raise LabelError(f"A label command has no {min(unknown)[:60]!r} here; it may have {', '.join(sorted(known))}.")


def _selected(selector: Mapping[str, Any]) -> tuple[Sequence[int], Sequence[range]]:
    """Read which frame sets are named: those one by one, and ranges."""
    match selector:
        case {"frame_sets": list(numbers), **others} if not others and numbers and all(map(_is_number, numbers)):
            return list(dict.fromkeys(numbers)), []
        case {"ranges": list(pairs), **others} if not others and pairs and all(map(_is_pair, pairs)):
            return [], merged(_range(first, last) for first, last in pairs)
        case {"first": first, "last": last, **others} if not others and _is_pair([first, last]):
            return [], merged([_range(first, last)])
        case _:
            raise LabelError(
                "A label command names its frame sets as `frame_sets`, `ranges`, or `first` and `last`: whole numbers."
            )


def _range(first: int, last: int) -> range:
    if first < 0:
        raise LabelError(f"Frame sets are numbered from 0, there is none {first}.")
    return range(first, min(last, MAX_SET) + 1)


def _is_number(number: object) -> bool:
    return type(number) is int and 0 <= number <= MAX_SET


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(type(end) is int for end in pair)


def _tags(part: Mapping[str, Any], name: str) -> tuple[str, ...]:
    tags = checked_edit({"tags": part.get(name, [])})["tags"]
    assert isinstance(tags, tuple)  # noqa: S101 - what the field holds
    return tags
