"""Candidates of a search: the best type for an address, and the order of interest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.change_counts import ChangeCounts
from daemon.analysis.history import MemoryAt
from daemon.analysis.value_types import VALUE_TYPES, ValueType
from protocol.changes import I32, I64, U32, Bools

__all__ = ["Order", "Ranking", "rank"]


class Order(StrEnum):
    """Orders in which candidates are listed."""

    INTEREST = "interest"
    """Plain aligned numbers first, those with few changes before others, small values before large ones.

    What never changed comes last."""
    ADDRESS = "address"
    CHANGES = "changes"
    """Most changes first."""
    VALUE = "value"


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Addresses that are left, in order.

    Args:
        positions: byte offsets in memory images, shape (c,).
        rows: index of the type that describes each best, shape (c,).
        changes: how often each changed in the whole recording, shape (c,).
    """

    positions: I64
    rows: I64
    changes: I32


_CARRIES, _MISALIGNED, _RARE = 1 << 10, 1 << 9, 1 << 6
_SMALL_NEGATIVE = -16
_MOST_CHANGES = (1 << 24) - 1
_LARGEST = (1 << 12) - 1
_NEVER = np.iinfo(np.int16).max
_FEW = 8
"""Share of all bytes, one in so many, up to which those that are left are picked out."""


def rank(
    left: Bools,
    types: Sequence[ValueType],
    memory: MemoryAt,
    *,
    counts: ChangeCounts,
    addresses: U32,
    order: Order,
    limit: int,
) -> Ranking:
    """List the addresses that are left, each with the type that describes it best.

    That is an aligned one before others, a plain number before big-endian, BCD, fixed point and float, and the
    narrowest, unless the bytes behind it change only together with it: then they are its upper digits. A signed type
    is taken for small negative numbers.

    Args:
        left: whether a candidate is left, shape (types, bytes).
        types: of the candidates.
        memory: whose values count.
        counts: changes in the whole recording.
        addresses: bus address of each byte.
        order: the order.
        limit: how many addresses to list.
    """
    positions = np.flatnonzero(left.any(axis=0))
    if not len(positions):
        return Ranking(positions, positions, np.empty(0, np.int32))
    by_width = {width: _padded(counts.of(width), len(addresses)) for width in (1, 2, 4)}
    rows, odd = _best_types(left, types, memory, by_width, addresses, positions)
    changes = np.empty(len(positions), np.int32)
    magnitude = np.empty(len(positions), np.int64)
    for row, kind in enumerate(types):
        some = np.flatnonzero(rows == row)
        where = positions[some]
        changes[some] = by_width[kind.width][where]
        magnitude[some] = _magnitudes(kind, memory, where)
    match order:
        case Order.INTEREST:
            never = (changes == 0).astype(np.int64)
            keys = never << 61 | odd.astype(np.int64) << 60
            keys |= np.minimum(changes, _MOST_CHANGES).astype(np.int64) << 36 | magnitude << 24
        case Order.ADDRESS:
            keys = addresses[positions].astype(np.int64) << 24
        case Order.CHANGES:
            keys = (_MOST_CHANGES - np.minimum(changes, _MOST_CHANGES).astype(np.int64)) << 36 | magnitude << 24
        case Order.VALUE:
            keys = magnitude << 24
    keys |= positions
    if limit < len(keys):
        first = np.argpartition(keys, limit)[:limit]
        chosen = first[np.argsort(keys[first])]
    else:
        chosen = np.argsort(keys)
    return Ranking(positions[chosen], rows[chosen], changes[chosen])


def _best_types(
    left: Bools,
    types: Sequence[ValueType],
    memory: MemoryAt,
    changes: dict[int, I32],
    addresses: U32,
    positions: I64,
) -> tuple[I64, Bools]:
    """Return the index of the best type for each position, and whether it is odd.

    Odd is what is no plain aligned number, or only the upper digits of one.
    """
    # Where many are left, all are looked at: to pick them out would take longer.
    every = len(positions) * _FEW > len(addresses)
    chosen: slice | I64 = slice(None) if every else positions
    extra, upper = _extra_costs(left, types, changes, addresses)
    best = np.zeros(len(addresses) if every else len(positions), np.int64)
    least = np.full(len(best), _NEVER, np.int16)
    for row, kind in enumerate(types):
        cost = extra[kind.width][chosen] + np.int16(_plainness(kind))
        if kind.is_whole and kind.least < 0:
            values = _padded(kind.view(memory.image).values, len(addresses))[chosen]
            cost -= ((values < 0) & (values >= _SMALL_NEGATIVE)).astype(np.int16) << 1
        better = left[row][chosen] & (cost < least)
        np.copyto(best, row, where=better)
        np.copyto(least, cost, where=better)
    odd = (least & (_CARRIES - 1) >= _RARE) | upper[chosen]
    return (best[positions], odd[positions]) if every else (best, odd)


def _extra_costs(
    left: Bools, types: Sequence[ValueType], changes: dict[int, I32], addresses: U32
) -> tuple[dict[int, NDArray[np.int16]], Bools]:
    """Return the cost of a value at each offset, by width, and where upper digits lie."""
    costs = {width: (addresses & (width - 1) != 0).astype(np.int16) * np.int16(_MISALIGNED) for width in (1, 2, 4)}
    upper = np.zeros(len(addresses), np.bool_)
    for width in (1, 2):
        is_aligned = addresses & (2 * width - 1) == 0
        carries = is_aligned & _carries(changes, width) & _is_left(left, types, 2 * width)
        costs[width] += carries.astype(np.int16) * np.int16(_CARRIES)
        for offset in range(width, 2 * width):
            upper[offset:] |= carries[:-offset]
    return costs, upper


def _plainness(kind: ValueType) -> int:
    """Return how far a type is from a plain, narrow, unsigned number."""
    order = list(VALUE_TYPES).index(kind.name)
    is_plain = (
        kind.is_whole and kind.raw.kind in "ui" and not kind.name.endswith("be") and not kind.name.startswith("bcd")
    )
    return order if is_plain else order + _RARE


def _is_left(left: Bools, types: Sequence[ValueType], width: int) -> Bools:
    """Return whether a plain number of a width is left at each byte offset."""
    found = np.zeros(left.shape[1], np.bool_)
    for row, kind in enumerate(types):
        if kind.width == width and _plainness(kind) < _RARE:
            found |= left[row]
    return found


def _carries(changes: dict[int, I32], width: int) -> Bools:
    """Return where the bytes behind a value change, and only together with it."""
    own, both = changes[width], changes[2 * width]
    behind = np.append(own[width:], np.zeros(width, own.dtype))
    return np.asarray((behind > 0) & (both == own))


def _magnitudes(kind: ValueType, memory: MemoryAt, positions: I64) -> I64:
    """Return the size of each value without its sign, rounded, up to 4095."""
    values = kind.view(memory.image).values[positions].astype(np.float64)
    return np.fmin(np.abs(values), _LARGEST).astype(np.int64)


def _padded(values: NDArray[Any], size: int) -> NDArray[Any]:
    return np.append(values, np.zeros(size - len(values), values.dtype))
