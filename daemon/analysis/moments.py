"""Moments and stretches of a recording, as they are written in filters. Pure.

A moment is the time right after a frame set. It is written as

====================================  ====================================================
`300`                                 after frame set 300
`first`, `last`                       after the first or last frame set of the recording
`mark 2`                              after the frame set in which the second mark was set
`12:31.5`, `1:12:31`                  at a time since the start of the recording
`start of context=battle`             after the first frame set of a run of that label
`end of scene="Fire cave" #3`         after the last frame set of the third such run
====================================  ====================================================

A stretch goes from one moment to a later one, `300..700`; `all` is `first..last`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

import numpy as np

from daemon.analysis.timeline import Timeline
from daemon.analysis.tokens import TokenKind, TokenReader, quoted
from protocol.changes import Bools
from protocol.errors import MomentError
from protocol.link.messages import MAX_SET
from protocol.session.annotations import FIELD_NAMES
from protocol.wording import counted

__all__ = [
    "ALL",
    "Clock",
    "Edge",
    "End",
    "LabelEdge",
    "LabelValue",
    "Mark",
    "Moment",
    "Recording",
    "SetMoment",
    "Stretch",
    "clock_text",
    "parse_moment",
    "place_of",
    "places_of",
    "read_label",
    "read_moment",
    "read_stretch",
]

_LAST_SET_MS = 1000
"""Time that the last frame set may have taken, in ms."""

_LONGEST_SECONDS = 2**40
"""Beyond every recording, in s: a longer time would be written with more characters than it was read from."""

_LABEL_FIELDS = tuple(name for name in FIELD_NAMES if name not in {"description", "complete"})
_MOMENT = "a moment (a frame set's number, first, last, mark 2, 12:31.5 or start of context=battle)"


class End(StrEnum):
    """An end of the recording."""

    FIRST = "first"
    LAST = "last"


class Edge(StrEnum):
    """An end of a run of equally labelled frame sets."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class SetMoment:
    """The moment after the frame set of a number."""

    number: int

    def __str__(self) -> str:
        return str(self.number)


@dataclass(frozen=True, slots=True)
class Mark:
    """The moment of a mark, counted from 1."""

    number: int

    def __str__(self) -> str:
        return f"mark {self.number}"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time since the start of the recording, in ms."""

    milliseconds: int

    def __str__(self) -> str:
        return clock_text(self.milliseconds)


@dataclass(frozen=True, slots=True)
class LabelValue:
    """A label: a field and its value; of `tags` one of them."""

    field: str
    value: str

    def __str__(self) -> str:
        return f"{self.field}={quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class LabelEdge:
    """The start or end of a run of frame sets with a label; `which` counts the runs from 1."""

    edge: Edge
    label: LabelValue
    which: int = 1

    def __str__(self) -> str:
        return f"{self.edge} of {self.label}" + (f" #{self.which}" if self.which != 1 else "")


Moment: TypeAlias = SetMoment | End | Mark | Clock | LabelEdge


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time from one moment to another."""

    start: Moment
    end: Moment

    def __str__(self) -> str:
        return "all" if self == ALL else f"{self.start}..{self.end}"


ALL = Stretch(End.FIRST, End.LAST)
"""The whole recording."""


class Recording(Protocol):
    """A recording, as far as its moments and labels need to know it."""

    @property
    def timeline(self) -> Timeline:
        """Its frame sets and frames."""

    @property
    def marks(self) -> Sequence[int]:
        """Numbers of the frame sets in which marks were set, in order."""

    def labelled(self, field: str, value: str) -> Bools:
        """Return which frame sets have a label, shape (n,)."""


def clock_text(milliseconds: int) -> str:
    """Write a time as `m:ss` or `h:mm:ss`, with as many decimals as it has."""
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 1000:02}" + (f".{rest % 1000:03}".rstrip("0") if rest % 1000 else "")
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"


def parse_moment(text: str) -> Moment:
    """Read a moment.

    Raises:
        FilterError: it is none; the sentence names the place.
    """
    reader = TokenReader(text)
    moment = read_moment(reader)
    if reader.ahead is not None:
        raise reader.error("the end of the moment")
    return moment


def read_stretch(reader: TokenReader) -> Stretch:
    """Read a stretch.

    Raises:
        FilterError: there is none.
    """
    if reader.take_word("all"):
        return ALL
    start = read_moment(reader, "a stretch (such as 300..700, mark 1..last, or all)")
    if not reader.take(TokenKind.RANGE):
        raise reader.error('".." and the moment at which the stretch ends')
    return Stretch(start, read_moment(reader))


def read_moment(reader: TokenReader, wanted: str = _MOMENT) -> Moment:
    """Read a moment from tokens.

    Args:
        reader: stands before it.
        wanted: what the error says should stand there.

    Raises:
        FilterError: there is none.
    """
    if word := reader.take_word(*End):
        return End(word)
    if reader.take_word("mark"):
        return Mark(_counting_number(reader, "the mark's number, from 1"))
    if word := reader.take_word(*Edge):
        if not reader.take_word("of"):
            raise reader.error(f'"of" and a label, such as {word} of context=battle,')
        label = read_label(reader)
        return LabelEdge(Edge(word), label, _ordinal(reader))
    if token := reader.take(TokenKind.CLOCK):
        *minutes, seconds = token.text.split(":")
        if float(seconds) >= 60 or (len(minutes) > 1 and int(minutes[-1]) >= 60):
            reader.step_back()
            raise reader.error("a time with minutes and seconds below 60")
        whole = sum(int(part) * 60**power for power, part in enumerate(reversed(minutes), 1))
        if whole > _LONGEST_SECONDS:
            reader.step_back()
            raise reader.error("a time that a recording can reach")
        return Clock(whole * 1000 + round(float(seconds) * 1000))
    token = reader.take(TokenKind.NUMBER)
    if token and token.text.isdecimal() and int(token.text) <= MAX_SET:
        return SetMoment(int(token.text))
    if token:
        reader.step_back()
    raise reader.error(wanted)


def read_label(reader: TokenReader) -> LabelValue:
    """Read a label, `field=value`.

    Raises:
        FilterError: there is none, or labels have no such field.
    """
    field = reader.take_word(*_LABEL_FIELDS)
    if field is None:
        raise reader.error(f"a label's field ({', '.join(_LABEL_FIELDS)})")
    sign = reader.take(TokenKind.COMPARISON)
    if sign is None or sign.text != "=":
        if sign:
            reader.step_back()
        raise reader.error(f'"=" and the value of {field}')
    value = reader.take(TokenKind.WORD, TokenKind.TEXT, TokenKind.NUMBER)
    if value is None or not value.text:
        if value:
            reader.step_back()
        raise reader.error(f"the value of {field}, in quotation marks unless it is one word,")
    return LabelValue(field, value.text)


def places_of(stretch: Stretch, recording: Recording) -> tuple[int, int]:
    """Find the frame sets after which a stretch begins and ends.

    Returns:
        Their places in the timeline, the first before the second or equal to it.

    Raises:
        MomentError: a moment is not in this recording, or the stretch ends before it begins.
    """
    start, end = place_of(stretch.start, recording), place_of(stretch.end, recording)
    if end < start:
        first, last = (recording.timeline.numbers[place] for place in (start, end))
        raise MomentError(
            f"The stretch {stretch} ends before it begins (frame sets {first} and {last}): "
            f"write {Stretch(stretch.end, stretch.start)}."
        )
    return start, end


def place_of(moment: Moment, recording: Recording) -> int:
    """Find the frame set after which a moment is.

    Returns:
        Its place in the timeline.

    Raises:
        MomentError: the moment is not in this recording.
    """
    timeline = recording.timeline
    if not len(timeline):
        raise MomentError("Nothing has been recorded yet, so there is no moment to search at.")
    match moment:
        case End.FIRST:
            return 0
        case End.LAST:
            return len(timeline) - 1
        case SetMoment(number):
            return timeline.place_of(number)
        case Mark(number):
            if not 1 <= number <= len(recording.marks):
                marks = counted(len(recording.marks), "mark")
                raise MomentError(f"There is no mark {number}: this recording has {marks}.")
            return timeline.place_of(recording.marks[number - 1])
        case Clock(milliseconds):
            # A clock that was set back while recording goes on from where it was.
            times = np.maximum.accumulate(timeline.timestamps[timeline.first_frames[:-1]])
            since = times - times[0]
            if milliseconds > since[-1] + _LAST_SET_MS:
                raise MomentError(f"The recording ends at {clock_text(int(since[-1]))}, before {moment}.")
            return int(np.searchsorted(since, milliseconds, "right")) - 1
        case LabelEdge():
            return _edge(moment, recording)


def _edge(moment: LabelEdge, recording: Recording) -> int:
    labelled = recording.labelled(moment.label.field, moment.label.value)
    steps = np.diff(labelled.astype(np.int8), prepend=0, append=0)
    edges = np.flatnonzero(steps == 1) if moment.edge is Edge.START else np.flatnonzero(steps == -1) - 1
    if moment.which > len(edges):
        runs = counted(len(edges), "run") if len(edges) else "no frame set"
        raise MomentError(f"There is no {moment}: it is the label of {runs} here.")
    return int(edges[moment.which - 1])


def _counting_number(reader: TokenReader, wanted: str) -> int:
    token = reader.take(TokenKind.NUMBER)
    if token and token.text.isdecimal() and 1 <= int(token.text) <= MAX_SET:
        return int(token.text)
    if token:
        reader.step_back()
    raise reader.error(wanted)


def _ordinal(reader: TokenReader) -> int:
    token = reader.take(TokenKind.ORDINAL)
    if token is None:
        return 1
    if int(token.text[1:]) < 1:
        reader.step_back()
        raise reader.error("an ordinal from #1")
    return int(token.text[1:])
