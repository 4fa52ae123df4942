"""Comparison of plays with and without a poke: sources keep it, copies do not. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from daemon.analysis.word_fields import WordField
from daemon.probing.request import Verdict
from protocol.changes import U32
from protocol.regions import WORD_BYTES

__all__ = ["Paced", "Poke", "Poked", "compare_pokes", "difference"]

_KEPT = 0.05
"""Part of what was added that may be lost on the way: less than another one's step, where several are poked."""

_ALIKE = 0.2
"""Logarithm by which a follower may be nearer or further off than its source: both were put off as far, each in its own
pace."""

_MOST = 32
"""Followers that are listed."""


@dataclass(frozen=True, slots=True)
class Poke:
    """A value that is written.

    Args:
        position: of its first byte in memory images.
        field: how it is read.
        before: the word that stood there.
        step: what is added to it; the sum of integers wraps.
    """

    position: int
    field: WordField
    before: int
    step: float

    @property
    def data(self) -> bytes:
        """The bytes to write."""
        if self.field.is_float:
            value = np.array([self.before], np.uint32).view(np.float32)[0]
            return np.float32(value + np.float32(self.step)).tobytes()
        number = int(self.field.raw(np.array([self.before], np.uint32))[0]) + round(self.step)
        return (number % (1 << (8 * self.field.width))).to_bytes(self.field.width, "little")


@dataclass(frozen=True, slots=True)
class Paced:
    """A number with the pace at which it moved in the plays.

    Args:
        position: of its first byte in memory images.
        field: how it is read.
        pace: how far it moved in a frame, without sign.
    """

    position: int
    field: WordField
    pace: float


@dataclass(frozen=True, slots=True)
class Poked:
    """Outcome of a poke.

    Args:
        poke: what was written.
        verdict: of what became of it.
        followers: positions of numbers that are off as far, each in its own pace.
        touched: positions of all numbers that are off in the end, however far.
    """

    poke: Poke
    verdict: Verdict
    followers: tuple[int, ...] = ()
    touched: frozenset[int] = frozenset()


def difference(image: U32, other: U32, position: int, field: WordField) -> float:
    """Return a number in an image less that in another; NaN where it is none. Integers wrap."""
    word = slice(position // WORD_BYTES, position // WORD_BYTES + 1)
    return float(field.difference(other[word], image[word])[0])


def compare_pokes(
    pokes: Sequence[Poke], rest: Sequence[U32], poked: Sequence[U32], watched: Sequence[Paced]
) -> list[Poked]:
    """Judge values that were written together, each by its own number of frames' ways.

    Args:
        pokes: what was written.
        rest: memory after each frame without it.
        poked: memory after each frame with it.
        watched: numbers that may follow. Anything else is none: chance goes another way after any poke.
    """
    paces = {number.position: number.pace for number in watched}
    ways = {poke.position: abs(poke.step) / (paces.get(poke.position) or 1.0) for poke in pokes}
    offs = {poke.position: [poke.step, *_offs(poke.position, poke.field, rest, poked)] for poke in pokes}
    kept = {poke.position: ways[poke.position] for poke in pokes if _is_kept(poke, offs[poke.position])}
    own = [range(poke.position, poke.position + poke.field.width) for poke in pokes if poke.position in kept]
    others = [number for number in watched if not any(_share(number, each) for each in own)]
    off = {number.position: _offs(number.position, number.field, rest, poked) for number in others}
    followers: dict[int, list[int]] = {position: [] for position in kept}
    for number in others:
        if (leader := _nearest(off[number.position][-1], number.pace, kept)) is not None:
            followers[leader].append(number.position)
    following = {position for those in followers.values() for position in those}
    touched = frozenset(position for position, each in off.items() if each[-1])
    found: list[Poked] = []
    for poke in pokes:
        if (those := followers.get(poke.position)) is not None:
            found.append(Poked(poke, Verdict.SOURCE if those else Verdict.STAYS, tuple(those[:_MOST]), touched))
        else:
            is_copy = poke.position in following or _returns(offs[poke.position])
            found.append(Poked(poke, Verdict.COPY if is_copy else Verdict.UNKNOWN, (), touched))
    return found


def _is_kept(poke: Poke, offs: Sequence[float]) -> bool:
    return abs(offs[-1] - poke.step) <= _KEPT * abs(poke.step)


def _share(number: Paced, taken: range) -> bool:
    return number.position < taken.stop and taken.start < number.position + number.field.width


def _offs(position: int, field: WordField, rest: Sequence[U32], poked: Sequence[U32]) -> list[float]:
    """Return how far a number is off after each frame."""
    return [difference(after, before, position, field) for before, after in zip(rest, poked, strict=True)]


def _returns(offs: Sequence[float]) -> bool:
    """Return whether a number went back to what it would have been, at once or bit by bit."""
    if offs[-1] == 0 or not math.isfinite(offs[-1]):
        return True
    return all(0 <= later / offs[0] < earlier / offs[0] for earlier, later in pairwise(offs))


def _nearest(step: float, pace: float, kept: dict[int, float]) -> int | None:
    """Return the number that was put off by as many frames' ways; None where there is none."""
    if not step or not pace or not kept or not math.isfinite(step):
        return None
    off = {position: abs(math.log(abs(step) / pace / own)) for position, own in kept.items()}
    nearest = min(off, key=lambda position: off[position])
    return nearest if off[nearest] <= _ALIKE else None
