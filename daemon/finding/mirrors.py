"""Groups of candidates whose values follow one another: a variable and its copies. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from daemon.finding.curves import Curve, Curves
from daemon.finding.scoring import CandidateId

__all__ = ["Group", "Ranked", "follows", "grouped", "overlap", "precedes"]

_LAG_SETS = 3
"""Frame sets by which a copy may be late."""

_COMPARED = 400
"""Changes that are compared at most."""

_FOLLOWING = 0.9
"""Share of the changes after which two values must be the same."""

_EQUAL = 1.5
"""Nats up to which a source may have less than its copy: labels look at moments, the order at the whole recording."""

_MUCH = 2
"""Times as often as the other way round a source has its new number first."""

_ALIKE = 0.5
"""Share of a few moments at which the numbers of two values must be the same for a closer look."""

_FEWEST = 2
"""Changes that tell a copy from a value that happens to be the same."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidate with its score in nats."""

    id: CandidateId
    score: float


@dataclass(slots=True)
class Group:
    """Candidates that follow one another: the one that stands for them, and the others."""

    first: Ranked
    mirrors: list[Ranked] = field(default_factory=list)


def grouped(ranked: Iterable[Ranked], curves: Curves, most: int) -> Sequence[Group]:
    """Group candidates.

    Args:
        ranked: the best first.
        curves: of the recording.
        most: groups after which no more candidates are looked at.
    """
    groups: list[Group] = []
    for each in ranked:
        home = next((group for group in groups if _belongs(each.id, group.first.id, curves)), None)
        if home is not None:
            home.mirrors.append(each)
        elif len(groups) == most:
            break
        else:
            groups.append(Group(each))
    for group in groups:
        _put_source_first(group, curves)
    return groups


def follows(one: Curve, other: Curve) -> bool:
    """Return whether two values have the same numbers after nearly all changes of either.

    One may have them a little later.
    """
    if np.mean(one.outline == other.outline) < _ALIKE:
        return False
    places = np.union1d(one.places[1:], other.places[1:])
    if min(len(one.places), len(other.places)) < _FEWEST or len(places) < _FEWEST:
        return False
    if len(places) > _COMPARED:
        places = places[np.linspace(0, len(places) - 1, _COMPARED).astype(np.int64)]
    here, there = one.at(places), other.at(places)
    same = here == there
    for lag in range(1, _LAG_SETS + 1):
        if np.mean(same) >= _FOLLOWING:
            break
        same |= (one.at(places + lag) == there) | (other.at(places + lag) == here)
    return bool(np.mean(same) >= _FOLLOWING)


def precedes(one: Curve, other: Curve) -> bool:
    """Return whether a value mostly has its new numbers before another that follows it.

    Numbers that only one of them has, such as those on the way of a gauge, do not count.
    """
    return _ahead(one, other) > _MUCH * _ahead(other, one)


def _ahead(one: Curve, other: Curve) -> int:
    """Return how many new numbers of a value another has a little later."""
    places = one.places[1:]
    numbers = one.at(places)
    has_soon = np.zeros(len(places), np.bool_)
    for lag in range(1, _LAG_SETS + 1):
        has_soon |= other.at(places + lag) == numbers
    return int(np.count_nonzero(has_soon & (other.at(places) != numbers)))


def _put_source_first(group: Group, curves: Curves) -> None:
    """Let the value stand first that the others are copied from, as far as scores leave it open."""
    first = group.first
    for each in group.mirrors:
        is_equal = first.score - each.score < _EQUAL and each.id.type is first.id.type and each.id.form is first.id.form
        if is_equal and not overlap(each.id, first.id) and precedes(curves.of(each.id), curves.of(first.id)):
            first = each
    if first is not group.first:
        group.mirrors[group.mirrors.index(first)] = group.first
        group.first = Ranked(first.id, group.first.score)


def _belongs(one: CandidateId, other: CandidateId, curves: Curves) -> bool:
    """Return whether a candidate follows another, or is the same bytes with the same numbers."""
    if overlap(one, other):
        return True
    return follows(curves.of(one), curves.of(other))


def overlap(one: CandidateId, other: CandidateId) -> bool:
    """Return whether two values have a byte in common."""
    return one.position < other.position + other.type.width and other.position < one.position + one.type.width
