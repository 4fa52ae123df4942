"""Comparison of plays of Down and Up: numbers that step like a cursor. Pure."""

from dataclasses import dataclass

import numpy as np

from daemon.analysis.word_fields import FIELDS
from daemon.probing.axis_comparison import Moved
from protocol.changes import U32
from protocol.regions import WORD_BYTES

__all__ = ["CursorPlays", "compare_cursor"]

_RETURNS = 2.0
_TWICE = 2.0
_BACK = 1.5
_WRAPS = 1.0
_ENDS = 0.5
_BY_ONE = 1.5
_ALIGNED = 0.25
_LARGEST = 64
"""Entries that a list has at most; what is larger is a place on the screen, or an address."""


@dataclass(frozen=True, slots=True, eq=False)
class CursorPlays:
    """Memory in the plays, as words, all begun at one moment.

    Args:
        rest: with no button, for as long as one press and as two.
        down: after Down.
        down_up: after Down and Up.
        up: after Up.
        down_down: after Down twice.
    """

    rest: tuple[U32, U32]
    down: U32
    down_up: U32
    up: U32
    down_down: U32


def compare_cursor(plays: CursorPlays, limit: int) -> list[Moved]:
    """Find the numbers that step like a cursor, best first.

    Down and Up must lead back. At the end of a list a press does nothing, or leads to its other end.
    """
    words = np.flatnonzero((plays.down != plays.rest[0]) | (plays.up != plays.rest[0]))
    rest, later = (image[words] for image in plays.rest)
    found: list[Moved] = []
    for field in FIELDS:
        if field.is_float:
            continue
        down, up = (field.difference(rest, image[words]) for image in (plays.down, plays.up))
        back, twice = (field.difference(later, image[words]) for image in (plays.down_up, plays.down_down))
        is_still = field.raw(rest) == field.raw(later)
        # The step of one entry: that of Down, or at the end of a list that of Up the other way.
        step = np.where(down != 0, down, -up)
        usable = is_still & (step != 0) & ((down != 0) | (up != 0))
        score = _RETURNS * ((back == 0) | ((down == 0) & (back == up)))
        score = score + np.select(
            [twice == 2 * step, twice == 0, twice == down, np.sign(twice) == -np.sign(step)],
            [_TWICE, _ENDS, _ENDS, _WRAPS],
            -_TWICE,
        )
        score += np.select(
            [up == -step, up == 0, np.sign(up) == np.sign(step)],
            [_BACK, _ENDS, _WRAPS],
            -_BACK,
        )
        score += _BY_ONE * (np.abs(step) == 1)
        values = field.raw(rest)
        score += np.where(values < _LARGEST, 0.5, -0.5)
        score += _ALIGNED if field.is_aligned else -_ALIGNED
        found += [
            Moved(int(words[at]) * WORD_BYTES + field.offset, field, float(score[at]), float(up[at]), float(down[at]))
            for at in np.flatnonzero(usable)
        ]
    found.sort(key=lambda moved: (-moved.score, moved.field.width, moved.position))
    return found[:limit]
