"""Comparison of plays with and without a poke: sources keep it, copies do not. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from daemon.probing.request import Verdict
from protocol.changes import U8

__all__ = ["Paced", "Poke", "Poked", "compare_pokes", "difference", "share_followers"]

_KEPT = 0.05
"""Part of what was added that may be lost on the way: less than another one's step, where several are poked."""

_ALIKE = 0.2
"""Logarithm by which a follower may be nearer or further off than its source: both were put off as far, each in its own
pace."""

_GROWS = 1.4
"""Growth of what followed in twice the time, from which on a speed was poked."""

_MOST = 32
"""Followers that are listed."""


@dataclass(frozen=True, slots=True)
class Poke:
    """A value that is written.

    Args:
        position: of its first byte in memory images.
        width: its bytes.
        before: the number that stood there, unsigned.
        step: what is added to it; the sum wraps.
    """

    position: int
    width: int
    before: int
    step: int

    @property
    def data(self) -> bytes:
        """The bytes to write."""
        return ((self.before + self.step) % (1 << (8 * self.width))).to_bytes(self.width, "little")


@dataclass(frozen=True, slots=True)
class Poked:
    """Outcome of a poke.

    Args:
        poke: what was written.
        verdict: of what became of it.
        followers: positions of bytes that differ for it, but for its own.
        is_speed: whether what followed went on growing, as places do when a speed was changed.
    """

    poke: Poke
    verdict: Verdict
    followers: tuple[int, ...] = ()
    is_speed: bool = False


def difference(image: U8, other: U8, position: int, width: int) -> int:
    """Return the difference of a number in two images, by the shorter way around."""
    size = 1 << (8 * width)
    part = slice(position, position + width)
    step = int.from_bytes(image[part].tobytes(), "little") - int.from_bytes(other[part].tobytes(), "little")
    return (step + size // 2) % size - size // 2


def compare_pokes(
    pokes: Sequence[Poke],
    rest: tuple[U8, U8],
    poked: tuple[U8, U8],
    watched: Sequence[tuple[int, int]] = (),
) -> list[Poked]:
    """Judge values that were written together.

    Args:
        pokes: what was written.
        rest: memory without it, half way and at the end.
        poked: memory with it.
        watched: position and width of the numbers that may follow; all bytes of memory if not given.
    """
    own = np.zeros(len(rest[1]), np.bool_)
    for poke in pokes:
        own[poke.position : poke.position + poke.width] = True
    if watched:
        followers = [each for each in watched if not own[each[0]] and difference(poked[1], rest[1], *each)]
    else:
        followers = [(int(position), 1) for position in np.flatnonzero((poked[1] != rest[1]) & ~own)]
    growing = [
        abs(difference(poked[1], rest[1], *each)) > _GROWS * abs(difference(poked[0], rest[0], *each)) > 0
        for each in followers
    ]
    is_speed = 2 * sum(growing) > len(growing)
    found: list[Poked] = []
    for poke in pokes:
        kept = difference(poked[1], rest[1], poke.position, poke.width)
        if abs(kept - poke.step) > _KEPT * abs(poke.step):
            found.append(Poked(poke, Verdict.COPY))
            continue
        verdict = Verdict.SOURCE if followers else Verdict.STAYS
        found.append(Poked(poke, verdict, tuple(position for position, _ in followers[:_MOST]), is_speed))
    return found


@dataclass(frozen=True, slots=True)
class Paced:
    """A number with the pace at which it moved in the plays.

    Args:
        position: of its first byte in memory images.
        width: its bytes.
        pace: how far it moved in a frame, without sign.
    """

    position: int
    width: int
    pace: float


def share_followers(outcomes: Sequence[Poked], rest: U8, poked: U8, numbers: Sequence[Paced]) -> list[Poked]:
    """Give those that were poked together and kept it their own followers.

    Each was put off by its own number of frames' ways, and so was what follows it.

    Args:
        outcomes: of `compare_pokes`.
        rest: memory at the end without a poke.
        poked: memory at the end with all of them.
        numbers: all that may follow, those that were poked among them.
    """
    paces = {number.position: number.pace for number in numbers}
    kept = {
        outcome.poke.position: abs(outcome.poke.step) / paces[outcome.poke.position]
        for outcome in outcomes
        if outcome.verdict is not Verdict.COPY and paces.get(outcome.poke.position)
    }
    followers: dict[int, list[int]] = {position: [] for position in kept}
    for number in numbers:
        step = abs(difference(poked, rest, number.position, number.width))
        if number.position in kept or not step or not number.pace or not kept:
            continue
        ways = step / number.pace
        off = {position: abs(math.log(ways / own)) for position, own in kept.items()}
        nearest = min(off, key=lambda position: off[position])
        if off[nearest] <= _ALIKE:
            followers[nearest].append(number.position)
    return [
        replace(
            outcome,
            verdict=Verdict.SOURCE if followers[outcome.poke.position] else Verdict.STAYS,
            followers=tuple(followers[outcome.poke.position][:_MOST]),
        )
        if outcome.poke.position in kept
        else outcome
        for outcome in outcomes
    ]
