"""A recording as the search sees it, and a slow, obvious search in its memories: the oracle of the predicates."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.filters import (
    Between,
    ChangedBy,
    ChangesWith,
    Compared,
    Filter,
    Moved,
    OnlyIn,
    OnlyWhile,
    Times,
)
from daemon.analysis.history import History
from daemon.analysis.moments import ALL, End, Moment, SetMoment
from daemon.analysis.timeline import Timeline
from protocol.changes import Bools
from tests.daemon.analysis.recording import FRAMES, REGIONS, WORDS, Recording

BYTES = 4 * WORDS
TYPES = {
    **{f"{sign}{8 * width}{order}": width for sign in "us" for width in (1, 2, 4) for order in ("", "be")[:width]},
    **{f"bcd{8 * width}": width for width in (1, 2, 4)},
    "fixed20.12": 4,
    "fixed24.8": 4,
    "float32": 4,
}
"""Bytes of each type, written down once more."""


@dataclass
class Searched:
    """A recording that can be searched."""

    history: History
    marks: tuple[int, ...] = ()
    labels: dict[tuple[str, str], Bools] = field(default_factory=dict)

    @property
    def timeline(self) -> Timeline:
        return self.history.timeline

    def labelled(self, field: str, value: str) -> Bools:
        return self.labels.get((field, value), np.zeros(len(self.timeline), np.bool_))


def searched(recording: Recording) -> Searched:
    """Index a made-up recording, with other buttons and labels in every frame and set."""
    history = History.of(REGIONS, FRAMES, recording.blocks)
    chance = np.random.default_rng(recording.seed)
    timeline = history.timeline
    keys = np.repeat(chance.integers(0, 4, len(timeline.frames)), chance.integers(1, 30, len(timeline.frames)))
    history.timeline = replace(
        timeline, keys=keys[: len(timeline.frames)].astype(np.uint16), combinations=("", "A", "B", "A+Right")
    )
    labels = {("context", "battle"): np.repeat(chance.random(len(timeline)) < 0.6, 6)[: len(timeline)]}
    return Searched(history, labels=labels)


def base(position: int) -> int:
    """Return where the next region begins, in bytes of all regions."""
    return 48 if position < 48 else 80


def number(name: str, data: bytes) -> int | float | None:
    """Read a value in the plainest way; None where the bytes are none."""
    order = "big" if name.endswith("be") else "little"
    if name.startswith("bcd"):
        digits = data[::-1].hex()
        return int(digits) if digits.isdecimal() else None
    if name.startswith("fixed"):
        return int.from_bytes(data, "little", signed=True) / float(1 << int(name.split(".")[1]))
    if name == "float32":
        value: float = struct.unpack("<f", data)[0]
        return None if value != value else value
    return int.from_bytes(data, order, signed=name[0] == "s")  # type: ignore[arg-type]


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


@dataclass
class Oracle:
    """The search, done one candidate after the other over memories as they really were."""

    recording: Recording
    searched: Searched

    def place(self, moment: Moment) -> int:
        match moment:
            case End.FIRST:
                return 0
            case End.LAST:
                return len(self.recording.numbers) - 1
            case SetMoment(number):
                return self.recording.numbers.index(number)
        raise AssertionError(moment)

    def verdict(self, searched: Filter, name: str, position: int) -> bool | None:
        """Judge one candidate; None is unknown."""
        width = TYPES[name]

        def is_known(place: int) -> bool:
            return bool(self.recording.known[place][position : position + width].all())

        def at(moment: Moment) -> int | float | None:
            return number(name, self.recording.memory[self.place(moment)][position : position + width])

        match searched:
            case Compared(how, to, moment) if isinstance(to, int | float):
                value = at(moment)
                return value is not None and COMPARE[how](value, to) if is_known(self.place(moment)) else None
            case Compared(how, earlier, moment):
                assert not isinstance(earlier, int | float)
                if not (is_known(self.place(earlier)) and is_known(self.place(moment))):
                    return None
                return at(moment) is not None and at(earlier) is not None and COMPARE[how](at(moment), at(earlier))
            case Between(low, high, moment):
                value = at(moment)
                return value is not None and low <= value <= high if is_known(self.place(moment)) else None
        stretch = searched.stretch
        start, end = self.place(stretch.start), self.place(stretch.end)
        before, after = at(stretch.start), at(stretch.end)
        match searched:
            case Moved("rose" | "fell" as movement, _):
                if not (is_known(start) and is_known(end)):
                    return None
                if before is None or after is None:
                    return False
                return after > before if movement == "rose" else after < before
            case ChangedBy(by, _):
                if not (is_known(start) and is_known(end)):
                    return None
                if before is None or after is None:
                    return False
                is_rough = name == "float32" and by
                return abs(after - before - by) <= (max(abs(before), abs(after)) / 2**22 if is_rough else 0)
            case Moved(movement, _):
                differed = any(self.differed(byte, start, end) for byte in range(position, position + width))
                throughout = all(is_known(place) for place in range(start, end + 1))
                if movement == "changed" and differed:
                    return after is not None if is_known(end) else None
                if not differed and not throughout:
                    return None
                return after is not None and not differed and movement == "same"
        first = -1 if stretch == ALL else start
        was_lost = any(
            self.recording.known[place - 1][byte] and not self.recording.known[place][byte]
            for place in range(max(1, first + 1), end + 1)
            for byte in range(position, position + width)
        )
        if not is_known(end) or was_lost:
            return None
        return after is not None and self.by_changes(
            searched, position, width, (first + 1) * FRAMES, (end + 1) * FRAMES
        )

    def by_changes(self, searched: Filter, position: int, width: int, first: int, until: int) -> bool:
        mine = {time for time, moved in self.recording.changes if moved[position : position + width].any()}
        inside = {time for time in mine if first <= time < until}
        match searched:
            case Times(how, count, _):
                return bool(COMPARE[how](len(inside), count))
            case OnlyWhile(buttons, _):
                return bool(inside) and all(self.was_held(buttons, time) for time in inside)
            case OnlyIn(label, _):
                labelled = self.searched.labelled(label.field, label.value)
                return bool(inside) and all(labelled[time // FRAMES] for time in inside)
            case ChangesWith(target, _):
                assert isinstance(target, int)
                other = self.searched.history.position_of(target)
                others = {
                    time // FRAMES for time, moved in self.recording.changes if moved[other] and first <= time < until
                }
                sets = {time // FRAMES for time in mine}
                return all({place - 1, place, place + 1} & sets for place in others)
        raise AssertionError(searched)

    def differed(self, byte: int, start: int, end: int) -> bool:
        """Return whether a byte ever had a value in a stretch other than the last known one."""
        if any(
            moved[byte] and (start + 1) * FRAMES <= time < (end + 1) * FRAMES for time, moved in self.recording.changes
        ):
            return True
        last = None
        for place in range(end + 1):
            if self.recording.known[place][byte]:
                value = self.recording.memory[place][byte]
                if place > start and last is not None and value != last:
                    return True
                last = value
        return False

    def was_held(self, buttons: str, time: int) -> bool:
        timeline = self.searched.timeline
        frame = int(np.flatnonzero(timeline.frame_times() == time)[0])
        recent = timeline.keys[max(0, frame - FRAMES + 1) : frame + 1]
        held = [set(timeline.combinations[index].split("+")) - {""} for index in recent]
        return any(set(buttons.split("+")) <= each if buttons != "None" else not each for each in held)

    def verdicts(self, searched: Filter) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Judge every candidate that lies in one region: which pass, which are unknown, shape (types, bytes) each."""
        passes, unknown = np.zeros((2, len(TYPES), BYTES), np.bool_)
        for row, (name, width) in enumerate(TYPES.items()):
            for position in range(BYTES):
                if position + width <= base(position):
                    verdict = self.verdict(searched, name, position)
                    passes[row, position], unknown[row, position] = bool(verdict), verdict is None
        return passes, unknown
