"""Label commands as they come over the bus, read and checked here and nowhere else. Pure."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from protocol.errors import LabelError
from protocol.link.messages import MAX_SET
from protocol.session.annotations import Annotations, Edit, checked_edit

__all__ = [
    "LABEL",
    "LATCH",
    "MAX_NAME",
    "MAX_PARTS",
    "TURN",
    "Part",
    "Signature",
    "merged",
    "parts_of",
    "signature_of",
    "values_of",
]

MAX_NAME = 60
"""Longest name of a person, an origin or a command, in characters."""

MAX_PARTS = 64
"""Most parts of a command."""

_SELECTOR = ("frame_sets", "first", "last", "ranges")
_PART = frozenset({*_SELECTOR, "labels", "add_tags", "remove_tags"})
_SIGNATURE = ("session", "who", "origin", "command_id")

LABEL = frozenset({*_SIGNATURE, *_PART, "parts"})
LATCH = frozenset({*_SIGNATURE, "labels"})
TURN = frozenset(_SIGNATURE)
"""The arguments of `label`, of `latch`, of `undo` and `redo`."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Fields that every label command carries.

    Args:
        session: which it concerns.
        who: gives it.
        origin: from where.
        command_id: names this command among all others, so that it can be sent again without being carried out twice;
            empty where nobody will.
    """

    session: str
    who: str
    origin: str
    command_id: str


@dataclass(frozen=True, slots=True)
class Part:
    """Labels that a command gives to some frame sets; a command may have several parts and is one entry of the history.

    Args:
        listed: frame sets that are named one by one, whether they exist or not; each once.
        ranges: frame sets that are named as ranges; ascending and apart.
        edit: new values by field.
        added: tags given beside those that are there.
        removed: tags taken away.
    """

    listed: Sequence[int]
    ranges: Sequence[range]
    edit: Edit
    added: tuple[str, ...]
    removed: frozenset[str]

    def applied(self, labels: Annotations) -> Annotations:
        """Return a frame set's labels after this part."""
        after = labels.edited(self.edit)
        if self.added or self.removed:
            tags = [tag for tag in after.tags if tag not in self.removed]
            after = after.edited(checked_edit({"tags": [*tags, *self.added]}))
        return after


def signature_of(arguments: Mapping[str, Any], known: Set[str]) -> Signature:
    """Read who gives a command.

    Args:
        arguments: all of the command's.
        known: the names of those that it may have.

    Raises:
        LabelError: one of the names is not a text, or there is an argument too many.
    """
    _no_others(arguments, known)
    names = [arguments.get(name, "") for name in _SIGNATURE]
    if not all(isinstance(name, str) for name in names):
        raise LabelError("A label command names its session, who gives it and from where, as texts.")
    session, who, origin, command_id = names
    return Signature(session, who.strip()[:MAX_NAME], origin.strip()[:MAX_NAME], command_id[:MAX_NAME])


def parts_of(arguments: Mapping[str, Any]) -> list[Part]:
    """Read the parts of a label command: those in `parts`, or the one that the command itself is.

    Raises:
        LabelError: a field or value cannot be given, or frame sets are named in no way that is known.
    """
    own = {name: value for name, value in arguments.items() if name in _PART}
    parts = arguments.get("parts", [own])
    if not (isinstance(parts, list) and all(isinstance(part, dict) for part in parts)):
        raise LabelError("The parts of a label command are a list of maps.")
    if not 0 < len(parts) <= MAX_PARTS or ("parts" in arguments and own):
        raise LabelError(f"A label command has 1 to {MAX_PARTS} parts, and says what it gives in them alone.")
    return [_part(part) for part in parts]


def values_of(arguments: Mapping[str, Any]) -> Edit:
    """Read the new values by field.

    Raises:
        LabelError: a field or value cannot be given.
    """
    labels = arguments.get("labels", {})
    if not isinstance(labels, dict):
        raise LabelError("A label command's labels are a map.")
    return checked_edit(labels)


def merged(ranges: Iterable[range]) -> list[range]:
    """Return ranges in ascending order, those that meet or overlap as one; empty ones are left out."""
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
    return Part(listed, ranges, values_of(part), _tags(part, "add_tags"), frozenset(_tags(part, "remove_tags")))


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
