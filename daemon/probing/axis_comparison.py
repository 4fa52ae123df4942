"""Comparison of plays with opposite buttons, frame by frame. Pure.

What tells a place is how it moves from frame to frame, with one button against the other: further each frame, never
back. That holds whatever else moves it, such as a speed that it had before, and where a wall stops it on one side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.word_fields import FIELDS, WordField
from protocol.changes import I64, U32, Bools
from protocol.regions import WORD_BYTES

__all__ = ["AxisPlays", "Moved", "answered_at_all", "compare_axis", "left_alone", "without_overlaps"]

_OPPOSITE = 3.0
_ONE_SIDED = 0.5
_STEADY = 1.0
_ONWARDS = 2.0
"""Score of a number that never went back."""

_FRAMES = 1.5
"""Score of a number that moved in each frame: the whole of a number does so more often than its upper part."""

_LIKE_A_PLACE = 1.5
"""Score of a number that moved so in several frames: much jumps once by chance, hardly anything goes on and on."""

_ALIGNED, _UNALIGNED = 0.5, -2.0
"""Scores by where a number lies: the console's processor reads none across its own width."""

_WHOLE = 1.0
_UPWARDS = 0.25
_PER_NAT = 0.35
_LEAST_NATS, _MOST_NATS = -4.0, 8.0
_NOT_SEEN = -2.0
"""Nats of a number that never moved with the axis in the recording."""

_TWO_NUMBERS = 1.5
"""Score that a number loses of which both halves are numbers that move by themselves."""

_SPEED = 4.0
"""Score that a speed loses: what another number adds up."""

_OVER_PART = 0.5
"""Score by which a number that glides stands before its upper part, which jumps now and then."""

_EVEN, _GLIDES = 4.0, 5
"""Largest step of such a number, in its median step, and frames in which it moves at least."""

_NEAR = 6.0
"""Score of a number that lies where it is expected."""

_LATE_COPY = 3.0
"""Score that a number loses which another has been before: an older place, a buffer that is drawn from."""

_LATEST = 3
"""Frames by which a copy is late at most: two buffers in turns, drawn a frame later."""

_TELLING = 3
"""Values that a number has in both plays from which on it is no chance that another has been all of them before."""

_RIVALS = 200
"""Numbers that are looked at as late copies of each other."""

_PLACES = 24
"""Numbers that are looked at as the sum of another."""

_SUMMED = 0.06
"""Part of its way by which a place may be off the sum of its speeds: a wall stops it, and not its speed at once."""

_EXACT, _ROUNDED = 0.015, 1.5
"""Part by which what is a sum for certain may be off, and what rounding adds to it, in its own units."""

_SUMMED_STEPS = 4
"""Frames in which a place must have moved to be a sum."""

_LATE = 2
"""Frames in which what mirrors the buttons has changed."""

_REGULAR = 0.8
"""Part of the ways gone that went forth, from which on a number moved as a place does."""

_SOME = 3
"""Frames in which such a number moved."""


@dataclass(frozen=True, slots=True, eq=False)
class AxisPlays:
    """Memory in the plays of one axis, as words: before the first frame and after each.

    Args:
        negative: with the one button.
        positive: with the other.
        others: with the buttons of another axis; none if they were not played.
    """

    negative: Sequence[U32]
    positive: Sequence[U32]
    others: Sequence[Sequence[U32]] = ()

    @property
    def origin(self) -> U32:
        """Memory before the first frame."""
        return self.positive[0]


@dataclass(frozen=True, slots=True)
class Moved:
    """A number that moved.

    Args:
        position: of its first byte in memory images.
        field: how it is read.
        score: of the comparison; the higher, the likelier.
        negative: how far it went with the one button, against neither.
        positive: with the other.
        steps: frames in which the two buttons made more of a difference than before.
        is_regular: whether it went on and hardly ever back, as a place does.
        is_speed: whether another number adds it up.
        is_late: whether another number has had all its values before.
    """

    position: int
    field: WordField
    score: float
    negative: float
    positive: float
    steps: int = 1
    is_regular: bool = False
    is_speed: bool = False
    is_late: bool = False

    @property
    def may_lead(self) -> bool:
        """Return whether it may be what the others follow."""
        return not (self.is_speed or self.is_late)

    @property
    def is_opposite(self) -> bool:
        """Return whether it went both ways."""
        return self.negative * self.positive < 0

    @property
    def word(self) -> int:
        """The number of its word."""
        return self.position // WORD_BYTES

    def in_words(self, negative: str, positive: str) -> str:
        """Return how far it went with the buttons of these names; an empty one is none."""
        return ", ".join(
            f"{way:+.10g} with {button}" if way else f"not with {button}"
            for way, button in ((self.negative, negative), (self.positive, positive))
            if button
        )

    def overlaps(self, other: "Moved") -> bool:
        """Return whether they have a byte in common."""
        return self.position < other.position + other.field.width and other.position < self.position + self.field.width

    def as_speed(self) -> "Moved":
        """Return it as a speed, which is no place."""
        return replace(self, score=self.score - _SPEED, is_speed=True)

    def near(self) -> "Moved":
        """Return it as one that lies where it is expected."""
        return replace(self, score=self.score + _NEAR)

    def as_late(self) -> "Moved":
        """Return it as a late copy."""
        return replace(self, score=self.score - _LATE_COPY, is_late=True)


def left_alone(plays: AxisPlays, moved: Moved) -> bool:
    """Return whether the buttons of the other axis leave a number alone."""
    words = [np.stack([image[moved.word : moved.word + 1] for image in play]) for play in plays.others]
    return bool(words) and bool(_is_steady(words, moved.field).all())


def answered_at_all(negative: Sequence[U32], positive: Sequence[U32]) -> bool:
    """Return whether anything but mirrors of the buttons differs between two plays.

    Those differ at once and stay as they are.
    """
    soon, end = min(_LATE, len(negative) - 1), len(negative) - 1
    before, after = negative[soon] ^ positive[soon], negative[end] ^ positive[end]
    return bool((before != after).any())


def compare_axis(plays: AxisPlays, recorded: Mapping[tuple[int, WordField], float], limit: int) -> list[Moved]:
    """Find the numbers that moved with an axis, best first.

    Args:
        plays: what was played.
        recorded: the nats of `AxisScores` by position and field; empty where the recording does not show the axis.
        limit: most numbers.
    """
    words = np.flatnonzero(plays.negative[-1] != plays.positive[-1])
    back, forth = (np.stack([image[words] for image in play]) for play in (plays.negative, plays.positive))
    others = [np.stack([image[words] for image in play]) for play in plays.others]
    rests = others or [np.broadcast_to(plays.origin[words], back.shape)]
    changed = _changed_bytes(back, forth)
    parts = _RecordedParts(recorded)
    found: list[Moved] = []
    ways: list[NDArray[np.float64]] = []
    values: list[I64] = []
    regular: dict[tuple[int, int], Bools] = {}
    for field in sorted(FIELDS, key=lambda field: field.width):
        way = field.difference(back, forth)
        one, other = _against(field, rests, back), _against(field, rests, forth)
        with np.errstate(invalid="ignore"):
            is_number = np.isfinite(way).all(0) & np.isfinite(one) & np.isfinite(other)
            opposite = one * other < 0
            sizes = np.abs(one), np.abs(other)
            ratio = np.where(opposite, np.minimum(*sizes) / np.maximum(1e-9, np.maximum(*sizes)), 0)
            steps = np.diff(way, axis=0) * np.sign(way[-1])
            gone = np.abs(steps).sum(0)
            onwards = np.where(gone > 0, way[-1] * np.sign(way[-1]) / np.maximum(gone, 1e-9), 0)
        moving = (steps > 0).sum(0)
        is_regular = is_number & (onwards >= _REGULAR) & (moving >= _SOME)
        regular[field.offset, field.width] = is_regular & ~np.bool_(field.is_float)
        score = np.where(opposite, _OPPOSITE + ratio, _ONE_SIDED)
        score += _ONWARDS * onwards + _FRAMES * moving / len(steps) + _LIKE_A_PLACE * is_regular
        score += np.where(_is_steady(others, field), _STEADY, -_STEADY) if others else 0
        score += _UPWARDS * (other > one)
        score += _ALIGNED if field.is_aligned else _UNALIGNED
        score += _WHOLE * ((changed & ~np.uint8(field.bytes_of_word)) == 0)
        if field.width == WORD_BYTES and not field.is_float:
            score -= _TWO_NUMBERS * (regular[0, 2] & regular[2, 2])
        if recorded:
            score += [parts.score(int(word) * WORD_BYTES, field) for word in words]
        for at in np.flatnonzero(is_number & (way[-1] != 0)):
            position = int(words[at]) * WORD_BYTES + field.offset
            found.append(
                Moved(
                    position,
                    field,
                    float(score[at]),
                    float(one[at]),
                    float(other[at]),
                    int(moving[at]),
                    bool(is_regular[at]),
                )
            )
            ways.append(way[:, at])
            values.append(np.stack((field.raw(back[:, at]), field.raw(forth[:, at]))))
    keys = [(-round(moved.score, 3), moved.field.width, moved.position) for moved in found]
    order = sorted(range(len(found)), key=keys.__getitem__)[:limit]
    speeds = _speeds([found[at] for at in order], [ways[at] for at in order])
    late = _late_copies([found[at] for at in order[:_RIVALS]], [values[at] for at in order[:_RIVALS]])
    best = [found[at].as_speed() if is_speed else found[at] for at, is_speed in zip(order, speeds, strict=True)]
    best[: len(late)] = [moved.as_late() if is_late else moved for moved, is_late in zip(best, late, strict=False)]
    best = _before_their_parts(best, [ways[at] for at in order], [values[at] for at in order])
    return sorted(best, key=lambda moved: -moved.score)


def without_overlaps(found: Sequence[Moved], limit: int) -> list[Moved]:
    """Keep the best of those that share bytes, in their order."""
    kept: list[Moved] = []
    for moved in found:
        if len(kept) == limit:
            break
        if not any(moved.overlaps(other) for other in kept):
            kept.append(moved)
    return kept


class _RecordedParts:
    """Evidence of the recording for a number and its parts.

    The upper part of a fixed point number moves as seldom as the picture does, and has more of it than the whole.
    """

    def __init__(self, recorded: Mapping[tuple[int, WordField], float]) -> None:
        self._by_word: dict[int, list[tuple[WordField, float]]] = {}
        for (position, field), nats in recorded.items():
            self._by_word.setdefault(position - position % WORD_BYTES, []).append((field, nats))

    def score(self, word: int, field: WordField) -> float:
        """Return the score of a field of the word that begins at a position."""
        parts = self._by_word.get(word, ())
        own = [nats for part, nats in parts if part.bytes_of_word & ~field.bytes_of_word == 0]
        return _PER_NAT * min(max(max(own, default=_NOT_SEEN), _LEAST_NATS), _MOST_NATS)


def _against(field: WordField, rests: Sequence[U32], play: U32) -> NDArray[np.float64]:
    """Return how far numbers went in a play, against the mean of others."""
    return np.asarray(np.mean([field.difference(rest[-1], play[-1]) for rest in rests], axis=0))


def _is_steady(others: Sequence[U32], field: WordField) -> Bools:
    """Return which numbers the buttons of the other axis leave alone."""
    first = field.raw(others[0])
    return np.asarray(np.logical_and.reduce([(field.raw(each) == first).all(0) for each in others[1:]]))


def _changed_bytes(one: U32, other: U32) -> NDArray[np.uint8]:
    """Return the bytes of words in which two plays ever differ: bit 0 for the lowest address."""
    bits = np.bitwise_or.reduce(one ^ other, axis=0)
    differs = (np.ascontiguousarray(bits).view(np.uint8).reshape(-1, WORD_BYTES) != 0).astype(np.uint8)
    return np.asarray(differs @ np.array([1, 2, 4, 8], np.uint8), np.uint8)


def _before_their_parts(
    found: Sequence[Moved], ways: Sequence[NDArray[np.float64]], values: Sequence[I64]
) -> list[Moved]:
    """Put the whole of a number before its upper part, where it glides on while that jumps.

    Args:
        found: the numbers.
        ways: of each, the one play against the other.
        values: of each, in both plays.
    """
    ends: dict[tuple[int, int], list[tuple[Moved, float]]] = {}
    for moved, each in zip(found, values, strict=True):
        place = moved.word, moved.field.offset + moved.field.width
        ends.setdefault(place, []).append((moved, _roughness(moved, each)))
    better: list[Moved] = []
    for moved, way, each in zip(found, ways, values, strict=True):
        parts = [
            (part, rough)
            for part, rough in ends[moved.word, moved.field.offset + moved.field.width]
            if part.field.width < moved.field.width
        ]
        glides = moved.is_regular and moved.may_lead and moved.steps >= _GLIDES and not moved.field.is_float
        if parts and glides:
            steps = np.abs(np.diff(way))
            is_even, rough = bool(steps.max() <= _EVEN * np.median(steps[steps > 0])), _roughness(moved, each)
            scores = [
                part.score
                for part, its_rough in parts
                if (is_even and part.steps < moved.steps) or (part.steps <= moved.steps and rough < its_rough / 2)
            ]
            better.append(replace(moved, score=max([moved.score, *(score + _OVER_PART for score in scores)])))
        else:
            better.append(moved)
    return better


def _roughness(moved: Moved, values: I64) -> float:
    """Return how much a number's speed changed, as a part of what the number can hold."""
    size = 1 << (8 * moved.field.width)
    steps = (np.diff(values, axis=1) + size // 2) % size - size // 2
    return float(np.abs(np.diff(steps, axis=1)).sum()) / size


def _speeds(found: Sequence[Moved], ways: Sequence[NDArray[np.float64]]) -> Bools:
    """Return which numbers are speeds: another of the best is their sum over the frames.

    What is a sum itself is a place, though a camera that glides behind it adds it up as well.
    """
    is_speed = np.zeros(len(found), np.bool_)
    if not found:
        return is_speed
    is_sum = is_speed.copy()
    # What only jumped at the beginning mirrors the buttons, or counts cells: then its sum says nothing.
    varies = np.array([moved.steps >= _SUMMED_STEPS for moved in found])
    every = np.stack(ways)
    sums = np.cumsum(every, axis=1)
    late = np.concatenate((np.zeros((len(found), 1)), sums[:, :-1]), axis=1)
    for index, (place, way) in enumerate(zip(found[:_PLACES], ways[:_PLACES], strict=True)):
        if not place.is_regular or place.steps < _SUMMED_STEPS:
            continue
        most = np.abs(way).max()
        exact = min(_SUMMED, _EXACT + (0 if place.field.is_float else _ROUNDED / most))
        for total in (sums, late):
            squares = (total * total).sum(1)
            with np.errstate(invalid="ignore", divide="ignore"):
                factor = np.where(squares > 0, total @ way / squares, 0)
                off = np.abs(total * factor[:, None] - way).max(1) / most
            usable = varies & (factor != 0)
            is_sum[index] |= (usable & (off < exact)).any()
            is_speed |= usable & (off < _SUMMED)
    is_speed &= ~is_sum
    # The upper part of a speed is too coarse to be added up, and what lies around it is no number.
    speeds = {(found[at].word, found[at].field.bytes_of_word) for at in np.flatnonzero(is_speed).tolist()}
    shares = [
        any(moved.word == word and moved.field.bytes_of_word & its_bytes for word, its_bytes in speeds)
        for moved in found
    ]
    return is_speed | (np.array(shares, np.bool_) & ~is_sum)


def _late_copies(found: Sequence[Moved], values: Sequence[I64]) -> Bools:
    """Return which numbers are late copies: another had each of their values just before.

    Args:
        found: the numbers.
        values: before the first frame and after each, of both plays, shape (2, frames).
    """
    is_late = np.zeros(len(found), np.bool_)
    kinds = np.array([(moved.field.width, moved.field.is_float) for moved in found])
    for kind in np.unique(kinds, axis=0) if found else ():
        rows = np.flatnonzero((kinds == kind).all(1))
        own = np.stack([values[row] for row in rows.tolist()])
        mine, others = own[:, np.newaxis], own[np.newaxis]
        was = mine == others
        differs = ~was.all((2, 3))
        for lag in range(1, _LATEST + 1):
            was[..., lag:] |= mine[..., lag:] == others[..., :-lag]
        # What it was before the first frame may have been another's value earlier on.
        was[..., :_LATEST] |= (mine == mine[..., :1])[..., :_LATEST]
        follows = was.all((2, 3)) & differs
        follows &= ~follows.T
        is_telling = np.array([len(np.unique(each)) >= _TELLING for each in own])
        is_late[rows] = follows.any(1) & is_telling
    return is_late
