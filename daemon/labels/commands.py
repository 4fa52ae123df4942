"""Label commands, read and checked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from protocol.errors import LabelError
from protocol.link.messages import MAX_SET
from protocol.session.annotations import Annotations, Edit, checked_edit

__all__ = ["MAX_NAME", "Part", "Signature", "parts_of", "signature_of", "values_of"]

MAX_NAME = 60
"""Longest name of a person, an origin or a command, in characters."""

_IN_A_PART = ("frame_sets", "first", "last", "labels", "add_tags", "remove_tags")


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
        named: the frame sets, whether they exist or not: a range, or a list in the order of naming, each once.
        edit: new values by field.
        added: tags given beside those that are there.
        removed: tags taken away.
    """

    named: Sequence[int]
    edit: Edit
    added: tuple[str, ...]
    removed: frozenset[str]

    @property
    def listed(self) -> Sequence[int]:
        """The frame sets that are named one by one."""
        return () if isinstance(self.named, range) else self.named

    def applied(self, labels: Annotations) -> Annotations:
        """Return a frame set's labels after this part."""
        after = labels.edited(self.edit)
        if self.added or self.removed:
            tags = [tag for tag in after.tags if tag not in self.removed]
            after = after.edited(checked_edit({"tags": [*tags, *self.added]}))
        return after


def signature_of(arguments: Mapping[str, Any]) -> Signature:
    """Read who gives a command.

    Raises:
        LabelError: one of the names is not a text.
    """
    names = [arguments.get(name, "") for name in ("session", "who", "origin", "command_id")]
    if not all(isinstance(name, str) for name in names):
        raise LabelError("A label command names its session, who gives it and from where, as texts.")
    session, who, origin, command_id = names
    return Signature(session, who.strip()[:MAX_NAME], origin.strip()[:MAX_NAME], command_id[:MAX_NAME])


def parts_of(arguments: Mapping[str, Any]) -> list[Part]:
    """Read the parts of a label command: those in `parts`, or the one that the command itself is.

    Raises:
        LabelError: a field or value cannot be given, or frame sets are named in no way that is known.
    """
    parts = arguments.get("parts", [{name: arguments[name] for name in _IN_A_PART if name in arguments}])
    if not (isinstance(parts, list) and parts and all(isinstance(part, dict) for part in parts)):
        raise LabelError("The parts of a label command are a list of maps.")
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


def _part(part: Mapping[str, Any]) -> Part:
    return Part(_named(part), values_of(part), _tags(part, "add_tags"), frozenset(_tags(part, "remove_tags")))


def _named(part: Mapping[str, Any]) -> Sequence[int]:
    match part:
        case {"frame_sets": list(numbers)} if all(type(number) is int and 0 <= number <= MAX_SET for number in numbers):
            return list(dict.fromkeys(numbers))
        case {"first": first, "last": last} if type(first) is int and type(last) is int:
            if first < 0:
                raise LabelError(f"Frame sets are numbered from 0, there is none {first}.")
            return range(first, min(last, MAX_SET) + 1)
        case _:
            raise LabelError("A label command names its frame sets, or the first and the last of a range.")


def _tags(part: Mapping[str, Any], name: str) -> tuple[str, ...]:
    tags = checked_edit({"tags": part.get(name, [])})["tags"]
    assert isinstance(tags, tuple)  # noqa: S101 - what the field holds
    return tags
