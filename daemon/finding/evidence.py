"""Evidence about a variable, a line of text each, and the query made of it. Pure.

================  ==================================================================================
`812=23`          a reading: on the picture of frame set 812 the number was 23
`812=23 live`     the same, typed while the game went on, 0.2 to 1.0 s after it was seen
`down@900`        an event: a key pressed at frame set 900, 0.2 to 1.0 s after the value fell
`down@900 paused` the same, said of a paused picture: the value fell in that frame set
`Left/Right`      an axis: the value moves one way with the first button, the other way with the second
================  ==================================================================================

Events are `up`, `down` or `changed`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from protocol.errors import EvidenceError
from protocol.link.messages import MAX_SET
from protocol.session.annotations import FIELD_NAMES
from protocol.texts import checked_name

__all__ = ["MAX_LABELS", "MAX_NAME", "Axis", "Direction", "Event", "Query", "Reading", "parse_events", "parse_readings"]

MAX_LABELS = 200
"""Most readings, and most events, of a query."""

MAX_NAME = 80
"""Longest name of a query, in characters."""

_LARGEST = 2**32
"""Beyond every value of 32 bits; a number that is read off a picture is smaller still."""

_SET = r"[0-9]{1,10}"
_NUMBER = r"[-+]?(?:[0-9]{1,12}\.?[0-9]{0,12}|\.[0-9]{1,12})"
_TIMING = r"(?:\s+(live|paused))?"
_READING = re.compile(rf"({_SET})\s*=\s*({_NUMBER}){_TIMING}", re.IGNORECASE)
_EVENT = re.compile(rf"(up|down|changed)\s*@\s*({_SET}(?:\s*,\s*{_SET})*){_TIMING}", re.IGNORECASE)
_AXIS = re.compile(r"\s*([^\s/+]{1,20})\s*/\s*([^\s/+]{1,20})\s*")


class Direction(StrEnum):
    """Direction in which a value changed."""

    UP = "up"
    DOWN = "down"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Reading:
    """Number that a person read off a picture.

    Args:
        number: the frame set of the picture; of a live one that in which the number was typed.
        value: the number.
        is_live: whether it was typed while the game went on, some time after it was seen.

    Raises:
        EvidenceError: no frame set has that number, or no value can be that large.
    """

    number: int
    value: float
    is_live: bool = False

    def __post_init__(self) -> None:
        _check_set(self.number)
        if not abs(self.value) <= _LARGEST:
            raise EvidenceError(f"{self.value:.12g} is larger than any value in memory: read the number again.")

    @classmethod
    def parse(cls, text: str) -> "Reading":
        """Read `812=23` or `812=23 live`.

        Raises:
            EvidenceError: it is no reading.
        """
        found = _READING.fullmatch(text.strip())
        if found is None:
            raise EvidenceError(f"{text.strip()[:60]!r} is no reading: write frame set and number, such as 812=23.")
        return cls(int(found[1]), float(found[2]), (found[3] or "").lower() == "live")

    def __str__(self) -> str:
        return f"{self.number}={_plain(self.value)}" + (" live" if self.is_live else "")


@dataclass(frozen=True, slots=True)
class Event:
    """Key pressed when something happened to the value.

    Args:
        number: frame set in which the key was pressed; of a paused picture that in which it happened.
        direction: the value's.
        is_live: whether the key was pressed while the game went on, some time after it happened.

    Raises:
        EvidenceError: no frame set has that number.
    """

    number: int
    direction: Direction
    is_live: bool = True

    def __post_init__(self) -> None:
        _check_set(self.number)

    @classmethod
    def parse(cls, text: str) -> "Event":
        """Read `down@900` or `down@900 paused`.

        Raises:
            EvidenceError: it is no event, or several.
        """
        events = _events(text)
        if len(events) != 1:
            raise EvidenceError(f"{text.strip()[:60]!r} is more than one event: one is meant here.")
        return events[0]

    def __str__(self) -> str:
        return f"{self.direction}@{self.number}" + ("" if self.is_live else " paused")


@dataclass(frozen=True, slots=True)
class Axis:
    """Pair of opposite buttons that move a value.

    Args:
        negative: name of the one as it is recorded, `Left`.
        positive: name of the other, `Right`. Which of the two makes the value larger is left open.

    Raises:
        EvidenceError: they are the same button.
    """

    negative: str
    positive: str

    def __post_init__(self) -> None:
        if self.negative == self.positive:
            raise EvidenceError(f"An axis has two buttons that are not the same: {self.negative} stands twice.")

    @classmethod
    def parse(cls, text: str) -> "Axis":
        """Read `Left/Right`.

        Raises:
            EvidenceError: it is no pair of buttons.
        """
        found = _AXIS.fullmatch(text)
        if found is None:
            raise EvidenceError(f"{text.strip()[:60]!r} is no axis: write two opposite buttons, such as Left/Right.")
        return cls(found[1], found[2])

    def __str__(self) -> str:
        return f"{self.negative}/{self.positive}"


@dataclass(frozen=True, slots=True)
class Query:
    """All that is known of one variable.

    Args:
        name: what the person calls it, `hp`.
        readings: numbers read off pictures.
        events: keys pressed when it changed.
        axis: buttons that move it; None where none is said to.
        field: field of the labels, such as `context`, whose value it tells; None where none is meant.

    Raises:
        EvidenceError: the name cannot be one, there are too many labels, or labels have no such field.
    """

    name: str
    readings: tuple[Reading, ...] = ()
    events: tuple[Event, ...] = ()
    axis: Axis | None = None
    field: str | None = None

    def __post_init__(self) -> None:
        checked_name("The name of what is sought", self.name, MAX_NAME, EvidenceError)
        if max(len(self.readings), len(self.events)) > MAX_LABELS:
            raise EvidenceError(f"At most {MAX_LABELS} readings and {MAX_LABELS} events are used: remove some.")
        if self.field is not None and self.field not in FIELD_NAMES:
            raise EvidenceError(f"Labels have no field {self.field[:60]!r}: choose one of {', '.join(FIELD_NAMES)}.")

    @property
    def is_empty(self) -> bool:
        """True where nothing is said but the name."""
        return not (self.readings or self.events or self.axis or self.field)

    def as_map(self) -> dict[str, Any]:
        """Return the query as the bus and the file of searches hold it."""
        return {
            "name": self.name,
            "readings": list(map(str, self.readings)),
            "events": list(map(str, self.events)),
            "axis": None if self.axis is None else str(self.axis),
            "field": self.field,
        }

    @classmethod
    def from_map(cls, document: Mapping[str, Any]) -> "Query":
        """Read a query as the bus and the file of searches hold it.

        Keys that are missing say nothing.

        Raises:
            EvidenceError: one of its texts cannot be read, or is none.
        """
        axis, field = (_text_or_none(document, key) for key in ("axis", "field"))
        return cls(
            name=_text_or_none(document, "name") or "",
            readings=parse_readings(_texts(document, "readings")),
            events=parse_events(_texts(document, "events")),
            axis=Axis.parse(axis) if axis else None,
            field=field or None,
        )


def parse_readings(texts: Sequence[str]) -> tuple[Reading, ...]:
    """Read readings; one that stands twice counts once.

    Raises:
        EvidenceError: one of the texts is none.
    """
    return _each_once([Reading.parse(text) for text in texts])


def parse_events(texts: Sequence[str]) -> tuple[Event, ...]:
    """Read events, of which a text may have several: `down@900,1033`.

    One that stands twice counts once.

    Raises:
        EvidenceError: one of the texts is none.
    """
    return _each_once([event for text in texts for event in _events(text)])


def _events(text: str) -> list[Event]:
    found = _EVENT.fullmatch(text.strip())
    if found is None:
        raise EvidenceError(
            f"{text.strip()[:60]!r} is no event: write up, down or changed and the frame set, such as down@900."
        )
    direction, is_live = Direction(found[1].lower()), (found[3] or "").lower() != "paused"
    return [Event(int(number), direction, is_live) for number in found[2].split(",")]


_Label = TypeVar("_Label", Reading, Event)


def _each_once(labels: Sequence[_Label]) -> tuple[_Label, ...]:
    return tuple(dict.fromkeys(labels))


def _check_set(number: int) -> None:
    if not 0 <= number <= MAX_SET:
        raise EvidenceError(f"{number} is no number of a frame set: they go up to {MAX_SET:,}.")


def _plain(value: float) -> str:
    """Write a number so that it is read the same, without an exponent."""
    return str(int(value)) if value == int(value) else f"{value:.12f}".rstrip("0")


def _text_or_none(document: Mapping[str, Any], key: str) -> str | None:
    value = document.get(key)
    if value is not None and not isinstance(value, str):
        raise EvidenceError(f"`{key}` of a query must be a text, not {str(value)[:60]}.")
    return value


def _texts(document: Mapping[str, Any], key: str) -> Sequence[str]:
    value = document.get(key) or ()
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise EvidenceError(f"`{key}` of a query must be a list of texts, not {str(value)[:60]}.")
    return value
