"""Predicates of a search: filters judged for every value type at every byte offset. Pure.

Filters look at a recording in one of two ways.

* By *values*: `=` and its like, `between`, `rose`, `fell`, `changed by` compare the values after frame sets. `same` and
  `changed` ask whether any byte ever had another value in the stretch, by a savestate too.
* By *changes*: `times`, `only while`, `only in` and `changes with` count what the game itself changed, as recorded;
  what a savestate restored is no change. Over the whole recording they count the first frame set as well.

A value that is not known at a moment that a filter needs is neither taken nor rejected: it is *unknown*. Bytes that are
no value of a type (BCD with a digit above 9, a float that is no number) never match.

A change is noticed when its chunk is scanned, once in a frame set. So `only while` accepts buttons that were held in
the frame of the change or in those of a set's length before it, and `changes with` a change in the set before or after.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.companions import changing_with
from daemon.analysis.filters import (
    Between,
    ChangedBy,
    ChangesWith,
    Compared,
    Comparison,
    Filter,
    Moved,
    Movement,
    OnlyIn,
    OnlyWhile,
    Times,
)
from daemon.analysis.history import History, MemoryAt, within
from daemon.analysis.moments import ALL, LabelValue, Moment, Recording, Stretch, place_of, places_of
from daemon.analysis.value_types import Number, ValueType
from protocol.changes import Bools
from protocol.errors import FilterError, MomentError

__all__ = ["Judgement", "SearchedRecording", "judge", "no_names"]


class SearchedRecording(Recording, Protocol):
    """A recording that can be searched."""

    @property
    def history(self) -> History:
        """The index of its changes."""


def no_names(name: str) -> int:
    """Find the address of a name where there is no book of names.

    Raises:
        FilterError: always.
    """
    raise FilterError(f"There is no name {name[:60]!r}: write an address, such as 0x03000A14.")


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """Verdicts on candidates, by value type and byte offset, shape (types, bytes) each.

    Those that a value beyond the end of its region would need mean nothing.

    Args:
        passes: whether a candidate passes.
        unknown: whether it could, but a value is not known.
    """

    passes: Bools
    unknown: Bools

    @classmethod
    def blank(cls, types: Sequence[ValueType], size: int) -> "Judgement":
        """Make one by which nothing passes and everything is known."""
        return cls(np.zeros((len(types), size), np.bool_), np.zeros((len(types), size), np.bool_))

    def put(self, row: int, passes: Bools, unknown: Bools) -> None:
        """Enter the verdicts on one value type; arrays may end where no value fits any more."""
        self.passes[row, : len(passes)] = passes & ~unknown
        self.unknown[row, : len(unknown)] = unknown


def judge(
    searched: Filter,
    recording: SearchedRecording,
    types: Sequence[ValueType],
    address_of: Callable[[str], int] = no_names,
) -> Judgement:
    """Judge a filter for every candidate.

    Args:
        searched: the filter.
        recording: what is searched.
        types: value types of the candidates.
        address_of: finds the bus address of a name; raises an error of ours where there is none.

    Raises:
        FilterError: it cannot be used on this recording.
        MomentError: it names a moment that this recording does not have.
        AnalysisError: it names an address that was not recorded.
    """
    with np.errstate(invalid="ignore", over="ignore"):  # Any bytes may be read as floats.
        return _Judge(recording, types, address_of).judge(searched)


class _Judge:
    """Judge of filters on one recording.

    Args:
        recording: what is searched.
        types: value types of the candidates.
        address_of: finds the bus address of a name.
    """

    def __init__(
        self, recording: SearchedRecording, types: Sequence[ValueType], address_of: Callable[[str], int]
    ) -> None:
        self._recording = recording
        self._address_of = address_of
        self._history = recording.history
        self._types = types

    def judge(self, searched: Filter) -> Judgement:
        match searched:
            case Compared(how, to, at):
                return self._compared(how.function, to, self._memory(at))
            case Between(low, high, at):
                return self._between(low, high, self._memory(at))
            case Moved(Movement.ROSE, stretch):
                return self._ends(stretch, lambda _, old, new: new > old)
            case Moved(Movement.FELL, stretch):
                return self._ends(stretch, lambda _, old, new: new < old)
            case Moved(Movement.SAME, stretch):
                return self._same(stretch)
            case Moved(_, stretch):
                return self._differed(stretch)
            case ChangedBy(by, stretch):
                return self._ends(stretch, lambda kind, old, new: kind.differ_by(by, old, new))
            case Times(how, count, stretch):
                return self._times(how, count, stretch)
            case OnlyWhile(buttons, stretch):
                return self._only(self._recording.timeline.times_of_frames(self._held(buttons)), stretch)
            case OnlyIn(label, stretch):
                return self._only(self._recording.timeline.times_of_sets(self._labelled(label)), stretch)
            case ChangesWith(target, stretch):
                return self._changes_with(target, stretch)

    # By values

    def _compared(self, compare: Callable[[Any, Any], Any], to: Number | Moment, memory: MemoryAt) -> Judgement:
        if isinstance(to, int | float):
            return self._values(memory, lambda kind, values: compare(values, kind.comparable(to)))
        return self._pairs(self._memory(to), memory, lambda _, old, new: compare(new, old))

    def _between(self, low: Number, high: Number, memory: MemoryAt) -> Judgement:
        return self._values(
            memory, lambda kind, values: (values >= kind.comparable(low)) & (values <= kind.comparable(high))
        )

    def _values(self, memory: MemoryAt, test: Callable[[ValueType, NDArray[Any]], Bools]) -> Judgement:
        """Test the values of each type at one moment."""
        result = Judgement.blank(self._types, self._history.size)
        for row, kind in enumerate(self._types):
            typed = kind.view(memory.image)
            result.put(row, typed.where_valid(test(kind, typed.values)), ~memory.known_values(kind.width))
        return result

    def _ends(self, stretch: Stretch, test: Callable[[ValueType, NDArray[Any], NDArray[Any]], Bools]) -> Judgement:
        return self._pairs(self._memory(stretch.start), self._memory(stretch.end), test, stretch)

    def _pairs(
        self,
        before: MemoryAt,
        after: MemoryAt,
        test: Callable[[ValueType, NDArray[Any], NDArray[Any]], Bools],
        stretch: Stretch | None = None,
    ) -> Judgement:
        """Test the values of each type at two moments."""
        if stretch is not None:
            places_of(stretch, self._recording)
        result = Judgement.blank(self._types, self._history.size)
        for row, kind in enumerate(self._types):
            old, new = kind.view(before.image), kind.view(after.image)
            known = before.known_values(kind.width) & after.known_values(kind.width)
            result.put(row, old.where_valid(new.where_valid(test(kind, old.values, new.values))), ~known)
        return result

    def _same(self, stretch: Stretch) -> Judgement:
        after, until = self._between_moments(stretch)
        differed, known = self._history.differed(after, until), self._history.known_throughout(after, until)
        return self._valid_at_end(
            stretch,
            lambda width, end: (
                ~within(differed, width),
                ~(~within(~known, width) & end) & ~within(differed, width),
            ),
        )

    def _differed(self, stretch: Stretch) -> Judgement:
        after, until = self._between_moments(stretch)
        differed, known = self._history.differed(after, until), self._history.known_throughout(after, until)
        return self._valid_at_end(
            stretch,
            lambda width, end: (
                within(differed, width),
                ~np.where(within(differed, width), end, ~within(~known, width)),
            ),
        )

    # By changes

    def _times(self, how: Comparison, count: int, stretch: Stretch) -> Judgement:
        counts = self._history.change_counts(*self._among_changes(stretch))
        return self._by_changes(stretch, lambda width: how.function(counts.of(width), count))

    def _only(self, times: Bools, stretch: Stretch) -> Judgement:
        inside, outside = self._history.changed_where(times, *self._among_changes(stretch))
        return self._by_changes(stretch, lambda width: within(inside, width) & ~within(outside, width))

    def _changes_with(self, target: int | str, stretch: Stretch) -> Judgement:
        address = target if isinstance(target, int) else self._address_of(target)
        position = self._history.position_of(address)
        found = changing_with(self._history, position, *self._among_changes(stretch))
        if found is None:
            raise FilterError(
                f"{ChangesWith(target, stretch)}: that byte does not change there, so nothing can with it."
            )
        return self._by_changes(stretch, found.of)

    def _by_changes(self, stretch: Stretch, test: Callable[[int], Bools]) -> Judgement:
        """Judge by recorded changes; known is what is known at the end and never got lost."""
        lost = self._history.lost(*self._among_changes(stretch))
        return self._valid_at_end(stretch, lambda width, end: (test(width), ~end | within(lost, width)))

    def _valid_at_end(self, stretch: Stretch, test: Callable[[int, Bools], tuple[Bools, Bools]]) -> Judgement:
        """Judge each width once; pass only what is a value of the type at the end of the stretch.

        Args:
            stretch: the stretch.
            test: makes what passes and what is unknown of a width and what is known at the end.
        """
        memory = self._memory(stretch.end)
        by_width = {width: test(width, memory.known_values(width)) for width in {kind.width for kind in self._types}}
        result = Judgement.blank(self._types, self._history.size)
        for row, kind in enumerate(self._types):
            passes, unknown = by_width[kind.width]
            result.put(row, kind.view(memory.image).where_valid(passes), unknown)
        return result

    # Moments

    def _memory(self, moment: Moment) -> MemoryAt:
        timeline = self._recording.timeline
        return self._history.memory_at(int(timeline.numbers[place_of(moment, self._recording)]))

    def _between_moments(self, stretch: Stretch) -> tuple[int, int]:
        start, end = places_of(stretch, self._recording)
        return self._recording.timeline.end_of(start), self._recording.timeline.end_of(end)

    def _among_changes(self, stretch: Stretch) -> tuple[int, int]:
        after, until = self._between_moments(stretch)
        return (-1 if stretch == ALL else after), until

    def _labelled(self, label: LabelValue) -> Bools:
        labelled = self._recording.labelled(label.field, label.value)
        if not labelled.any():
            raise MomentError(f"No frame set of this recording has the label {label}.")
        return labelled

    def _held(self, buttons: str) -> Bools:
        """Return in which frames buttons were held, or in one of a set's length before."""
        timeline = self._recording.timeline
        frames = timeline.held(buttons)
        if not frames.any():
            pressed = sorted({name for held in timeline.combinations for name in held.split("+") if name})
            raise FilterError(
                f"{buttons} was never held in this recording; "
                f"{'its buttons are ' + ', '.join(pressed) if pressed else 'no button was'}."
            )
        recent = frames.copy()
        for back in range(1, timeline.stride):
            recent[back:] |= frames[:-back]
        return recent
