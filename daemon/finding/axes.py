"""Axes from the recording alone: values that opposite buttons move opposite ways. Pure.

A *press* is a stretch during which one of the two buttons is held and the other is not. Each press is one piece of
evidence, however long it lasts: what a value did from its beginning to its end. It counts for a set longer than the
button was held, because a chunk is scanned once a set.

Copies of a position answer to the buttons as the position does: only a poke tells them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.analysis.rows import Rows
from daemon.analysis.timeline import Timeline
from daemon.analysis.word_fields import FIELDS, WordField
from protocol.changes import I64, U8, U32, Bools
from protocol.regions import WORD_BYTES

__all__ = ["AxisScores", "Held", "Presses", "presses_of", "score_axis"]

_LATENCY = 2
"""Frames after which a game has answered to a button."""

_AFTER = 18
"""Frames of a way that is gone to its end when the button is no longer held, the step to a tile for one."""

_BUSY = 0.8
"""Share of the stretches without a button in which a word changes by itself: what does so more often is no place."""

_FEW_STRETCHES = 5

_ERROR = 0.03
"""Chance that the value of an axis moves the wrong way in a press."""


class Held(IntEnum):
    """Buttons of an axis that are held at a time."""

    NONE = 0
    POSITIVE = 1
    NEGATIVE = 2
    AFTER_POSITIVE = 3
    AFTER_NEGATIVE = 4
    UNUSABLE = 5
    """Both of them, or a gap or a discontinuity lies in the set before."""


@dataclass(frozen=True, slots=True, eq=False)
class Presses:
    """Stretches of a recording by what is held, one after the other.

    Args:
        starts: first time of each, shape (p,).
        held: a `Held` for each, shape (p,).
    """

    starts: I64
    held: U8

    def of_times(self, times: NDArray[np.integer]) -> I64:
        """Return the stretches in which times lie."""
        return np.searchsorted(self.starts, np.asarray(times, np.int64), "right") - 1

    @property
    def counts(self) -> I64:
        """Number of stretches of each `Held`."""
        return np.bincount(self.held, minlength=len(Held))


@dataclass(frozen=True, slots=True, eq=False)
class AxisScores:
    """Scores of all numbers that ever changed with an axis, best first: shape (n,) each.

    Args:
        positions: of each in memory images.
        fields: index in `FIELDS`.
        nats: the evidence that it belongs to the axis, against a value that changes as often but for itself.
        signs: 1 where it rises with the positive button, -1 where it falls.
        right: presses in which it moved as its sign says.
        wrong: presses in which it moved the other way.
    """

    positions: I64
    fields: I64
    nats: NDArray[np.float64]
    signs: NDArray[np.int8]
    right: I64
    wrong: I64

    def field(self, index: int) -> WordField:
        """Return how a number is read."""
        return FIELDS[int(self.fields[index])]


def presses_of(timeline: Timeline, negative: str, positive: str) -> Presses:
    """Cut a recording into presses.

    Args:
        timeline: the recording's; its frames have the buttons, whatever sets are missing.
        negative: name of a button as recorded, `Left`.
        positive: of its opposite, `Right`.
    """
    times = timeline.frame_times()
    count = len(timeline) * timeline.stride
    reach = timeline.stride + _LATENCY

    def lately(of_frames: Bools) -> Bools:
        happened = np.zeros(count, np.int64)
        happened[times] = of_frames
        total = np.concatenate(([0], np.cumsum(happened)))
        ends = np.arange(1, count + 1)
        return np.asarray(total[ends] > total[np.maximum(0, ends - reach)])

    def pressed(button: str) -> Bools:
        has = np.array([button in held.split("+") for held in timeline.combinations], np.bool_)
        return has[timeline.keys] if len(has) else np.zeros(len(times), np.bool_)

    jumps = np.zeros(len(times), np.bool_)
    jumps[1:] = np.diff(timeline.frames.astype(np.int64)) != 1
    forward, back, unusable = lately(pressed(positive)), lately(pressed(negative)), lately(jumps)
    held = np.full(count, Held.NONE, np.uint8)
    held[forward] = Held.POSITIVE
    held[back] = Held.NEGATIVE
    held[(forward & back) | unusable] = Held.UNUSABLE
    places = np.arange(count)
    last = np.maximum.accumulate(np.where(held != Held.NONE, places, -1))
    after = (held == Held.NONE) & (last >= 0) & (places - last <= _AFTER)
    follows = np.array([0, Held.AFTER_POSITIVE, Held.AFTER_NEGATIVE, 0, 0, Held.UNUSABLE], np.uint8)
    held[after] = follows[held[last[after]]]
    starts = np.flatnonzero(np.concatenate(([True], held[1:] != held[:-1]))) if count else np.empty(0, np.int64)
    return Presses(starts, held[starts])


def score_axis(history: History, presses: Presses) -> AxisScores:
    """Score the numbers of a recording that moved with both buttons of an axis.

    Args:
        history: the recording.
        presses: of the axis.
    """
    groups = [_groups(part, presses) for part in history.parts if len(part)]
    usable = _answering(history.words, groups, presses)
    every = np.flatnonzero(usable)
    rank = np.cumsum(usable) - 1
    total = np.zeros((len(every), len(FIELDS), len(Held), 2))
    for group in groups:
        kept = usable[group.words]
        places = rank[group.words[kept]] * len(Held) + group.held[kept]
        before, after = group.before[kept], group.after[kept]
        for index, field in enumerate(FIELDS):
            step = field.difference(before, after)
            for direction, moved in enumerate((step > 0, step < 0)):
                counted = np.bincount(places[moved], minlength=len(every) * len(Held))
                total[:, index, :, direction] += counted.reshape(len(every), len(Held))
    rising, falling = _nats(total, presses.counts), _nats(total[..., ::-1], presses.counts)
    nats = np.maximum(rising, falling)
    rows, fields = np.nonzero(total[:, :, [Held.POSITIVE, Held.NEGATIVE]].any((2, 3)))
    order = np.argsort(-nats[rows, fields], kind="stable")
    rows, fields = rows[order], fields[order]
    offsets = np.array([field.offset for field in FIELDS])
    signs = np.where(rising >= falling, 1, -1).astype(np.int8)[rows, fields]
    moves = total[rows, fields]
    forth = moves[:, Held.POSITIVE, 0] + moves[:, Held.NEGATIVE, 1]
    back = moves[:, Held.POSITIVE, 1] + moves[:, Held.NEGATIVE, 0]
    return AxisScores(
        positions=every[rows].astype(np.int64) * WORD_BYTES + offsets[fields],
        fields=fields,
        nats=nats[rows, fields],
        signs=signs,
        right=np.where(signs > 0, forth, back).astype(np.int64),
        wrong=np.where(signs > 0, back, forth).astype(np.int64),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Changes of a word in one stretch, taken together: shape (g,) each.

    Args:
        words: by number.
        held: a `Held` for each.
        before: value before the first of them.
        after: value after the last.
    """

    words: I64
    held: U8
    before: U32
    after: U32


def _groups(part: Rows, presses: Presses) -> _Groups:
    row = np.repeat(np.arange(len(part.words)), np.diff(part.pointer))
    previous = np.empty_like(part.value)
    previous[1:] = part.value[:-1]
    previous[part.pointer[:-1]] = part.before
    press = presses.of_times(part.time)
    firsts = np.flatnonzero(np.concatenate(([True], (row[1:] != row[:-1]) | (press[1:] != press[:-1]))))
    lasts = np.append(firsts[1:], len(row)) - 1
    is_sound = np.maximum.reduceat(part.kind, firsts) == 0  # Nothing restated, nothing unknown in it.
    firsts, lasts = firsts[is_sound], lasts[is_sound]
    return _Groups(
        part.words[row[firsts]].astype(np.int64), presses.held[press[firsts]], previous[firsts], part.value[lasts]
    )


def _answering(words: int, groups: Sequence[_Groups], presses: Presses) -> Bools:
    """Return which words changed with both buttons and rested with none, shape (words,)."""
    changed = np.zeros((len(Held), words), np.int64)
    for group in groups:
        places = group.held * np.int64(words) + group.words
        changed += np.bincount(places, minlength=changed.size).reshape(changed.shape)
    still = presses.counts[Held.NONE]
    return np.asarray(
        (changed[Held.POSITIVE] > 0)
        & (changed[Held.NEGATIVE] > 0)
        & (changed[Held.NONE] <= max(_FEW_STRETCHES, _BUSY * still))
    )


def _nats(moves: NDArray[np.float64], presses: Sequence[int] | I64) -> NDArray[np.float64]:
    """Weigh the moves of numbers that would rise with the positive button.

    Two stories are compared. In one, each press moves the value in its direction with a chance that is the value's own,
    hardly ever the other way, and rarely anything else moves it. In the other, it changes as often, with buttons or
    without, up or down.
    """
    up, down = moves[..., 0], moves[..., 1]
    idle = up[..., Held.NONE] + down[..., Held.NONE]
    forward, back, still = (int(presses[held]) for held in (Held.POSITIVE, Held.NEGATIVE, Held.NONE))
    changed = up[..., Held.POSITIVE] + down[..., Held.POSITIVE] + up[..., Held.NEGATIVE] + down[..., Held.NEGATIVE]
    rate = np.clip((changed + idle + 0.5) / (forward + back + still + 1), 0.01, 0.98)

    def side(right: NDArray[np.float64], wrong: NDArray[np.float64], count: int) -> NDArray[np.float64]:
        chance = np.clip(right / max(1, count), 0.02, 0.95)
        rest = np.maximum(0, count - right - wrong)
        stays = np.maximum(1 - chance - _ERROR, 0.01)
        return np.asarray(
            right * np.log(2 * chance / rate) + wrong * np.log(2 * _ERROR / rate) + rest * np.log(stays / (1 - rate))
        )

    # What goes back when the button is released is a speed or a mirror of the button, and no place.
    one = side(up[..., Held.POSITIVE], down[..., Held.POSITIVE] + down[..., Held.AFTER_POSITIVE], forward)
    other = side(down[..., Held.NEGATIVE], up[..., Held.NEGATIVE] + up[..., Held.AFTER_NEGATIVE], back)
    by_itself = np.minimum(np.clip(idle / max(1, still), 0.005, 1), rate / 2)
    alone = idle * np.log(by_itself / rate) + np.maximum(0, still - idle) * np.log((1 - by_itself) / (1 - rate))
    # Both directions must speak for it: a counter of steps does as much in each.
    return np.asarray(2 * np.minimum(one, other) + 0.25 * np.abs(one - other) + alone)
