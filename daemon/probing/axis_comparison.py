"""Comparison of plays with opposite buttons: numbers that go opposite ways. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.word_fields import FIELDS, WordField
from protocol.changes import U32, Bools
from protocol.regions import WORD_BYTES

__all__ = ["AxisPlays", "Moved", "compare_axis", "without_overlaps"]

_OPPOSITE = 3.0
_ONE_SIDED = 0.5
_STEADY = 1.0
_PROGRESS = 0.5
_ALIGNED = 0.5
_WHOLE = 0.5
_USUAL = 0.25
_PER_NAT = 0.35
_LEAST_NATS, _MOST_NATS = -4.0, 8.0
_NOT_SEEN = -2.0
"""Nats of a number that never moved with the axis in the recording."""

_EVEN = 0.75
"""Score of a number that went half of its way in half of the time."""

_UNEVEN = 0.2
_GROWS = 1.2


@dataclass(frozen=True, slots=True, eq=False)
class AxisPlays:
    """Memory in the plays of one axis, as words: half way and at the end of each.

    Args:
        origin: before the first frame.
        negative: with the one button.
        positive: with the other.
        others: with the buttons of another axis, each half way and at the end; none if they were not played.
    """

    origin: U32
    negative: tuple[U32, U32]
    positive: tuple[U32, U32]
    others: Sequence[tuple[U32, U32]] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A number that moved.

    Args:
        position: of its first byte in memory images.
        field: how it is read.
        score: of the comparison; the higher, the likelier.
        negative: how far it went with the one button.
        positive: with the other.
    """

    position: int
    field: WordField
    score: float
    negative: float
    positive: float

    @property
    def is_opposite(self) -> bool:
        """Return whether it went both ways."""
        return self.negative * self.positive < 0

    @property
    def word(self) -> int:
        """The number of its word."""
        return self.position // WORD_BYTES

    def in_words(self, negative: str, positive: str) -> str:
        """Return how far it went with the buttons of these names."""
        return ", ".join(
            f"{way:+.10g} with {button}" if way else f"not with {button}"
            for way, button in ((self.negative, negative), (self.positive, positive))
        )

    def overlaps(self, other: "Moved") -> bool:
        """Return whether they have a byte in common."""
        return self.position < other.position + other.field.width and other.position < self.position + self.field.width

    def scored(self, more: float) -> "Moved":
        """Return it with another score."""
        return replace(self, score=self.score + more)


def compare_axis(plays: AxisPlays, recorded: Mapping[tuple[int, WordField], float], limit: int) -> list[Moved]:
    """Find the numbers that moved with an axis, best first.

    Args:
        plays: what was played.
        recorded: the nats of `AxisScores` by position and field; empty where the recording does not show the axis.
        limit: most numbers.
    """
    words = np.flatnonzero(plays.negative[1] != plays.positive[1])
    origin = plays.origin[words]
    rest_half, rest = _rest(plays, words)
    half_back, back = (image[words] for image in plays.negative)
    half_forth, forth = (image[words] for image in plays.positive)
    changed = _changed_bytes(back, rest) | _changed_bytes(forth, rest)
    found: list[Moved] = []
    for field in FIELDS:
        one, other = field.difference(rest, back), field.difference(rest, forth)
        with np.errstate(invalid="ignore", divide="ignore"):
            opposite = one * other < 0
            one_sided = (one != 0) != (other != 0)
            usable = (opposite | one_sided) & np.isfinite(one) & np.isfinite(other)
            sizes = np.abs(one), np.abs(other)
            ratio = np.where(opposite, np.minimum(*sizes) / np.maximum(*sizes), 0)
        score = np.where(opposite, _OPPOSITE + ratio, _ONE_SIDED)
        for half, end in (
            (field.difference(rest_half, half_back), one),
            (field.difference(rest_half, half_forth), other),
        ):
            with np.errstate(invalid="ignore"):
                score += _PROGRESS * ((np.abs(end) > _GROWS * np.abs(half)) & (half * end >= 0) & (end != 0))
                score += _EVEN * (np.abs(half / np.where(end == 0, np.inf, end) - 0.5) < _UNEVEN)
        score += np.where(_is_steady(plays, words, field), _STEADY, -_STEADY)
        score += _USUAL * (field.raw(rest) == field.raw(origin)) + _USUAL * (other > one)
        score += _ALIGNED if field.is_aligned else -_ALIGNED
        score += _WHOLE * ((changed & ~np.uint8(field.bytes_of_word)) == 0)
        if recorded:
            nats = [recorded.get((int(word) * WORD_BYTES + field.offset, field), _NOT_SEEN) for word in words]
            score += _PER_NAT * np.clip(nats, _LEAST_NATS, _MOST_NATS)
        found += [
            Moved(int(words[at]) * WORD_BYTES + field.offset, field, float(score[at]), float(one[at]), float(other[at]))
            for at in np.flatnonzero(usable)
        ]
    found.sort(key=lambda moved: (-moved.score, moved.field.width, moved.position))
    return found[:limit]


def without_overlaps(found: Sequence[Moved], limit: int) -> list[Moved]:
    """Keep the best of those that share bytes, in their order."""
    kept: list[Moved] = []
    for moved in found:
        if len(kept) == limit:
            break
        if not any(moved.overlaps(other) for other in kept):
            kept.append(moved)
    return kept


def _rest(plays: AxisPlays, words: NDArray[np.int64]) -> tuple[U32, U32]:
    """Return the words as they are where the axis is left alone."""
    if not plays.others:
        return plays.origin[words], plays.origin[words]
    half, end = plays.others[0]
    return half[words], end[words]


def _is_steady(plays: AxisPlays, words: NDArray[np.int64], field: WordField) -> Bools:
    """Return which numbers the buttons of the other axis leave alone."""
    ends = [field.raw(end[words]) for _, end in plays.others] or [field.raw(plays.origin[words])]
    return np.asarray(np.logical_and.reduce([end == ends[0] for end in ends]))


def _changed_bytes(after: U32, before: U32) -> NDArray[np.uint8]:
    differs = (np.ascontiguousarray(after ^ before).view(np.uint8).reshape(-1, WORD_BYTES) != 0).astype(np.uint8)
    return np.asarray(differs @ np.array([1, 2, 4, 8], np.uint8), np.uint8)
