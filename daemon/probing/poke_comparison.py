"""Comparison of plays with and without a poke: sources keep it, copies do not. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daemon.probing.request import Verdict
from protocol.changes import U8

__all__ = ["Poke", "Poked", "compare_pokes", "difference"]

_KEPT = 0.05
"""Part of what was added that may be lost on the way: less than another one's step, where several are poked."""

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
