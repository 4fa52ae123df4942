"""Columns that every dataset format has, one value for each frame set. Pure.

This is their one owner.

A format gives each kind the type that it has for it. In RL formats, whose rows are steps, the values are those of the
frame set that the observation shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daemon.exporting.batch import NOTHING, SetColumns

__all__ = ["COLUMNS", "GOAL_COLUMNS", "Column", "Kind", "Values", "numeric_columns", "rows_of"]

Values = NDArray[Any] | Sequence[Any]


class Kind(StrEnum):
    """Kind of a column's values."""

    FLAG = "bool"
    WHOLE = "int64"
    NUMBER = "float64"
    WHOLES = "list of int64"
    TEXTS = "list of text"

    @property
    def is_numeric(self) -> bool:
        """True where each value is one number or flag."""
        return self not in (Kind.WHOLES, Kind.TEXTS)


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Args:
        name: its name in every format.
        kind: of its values.
        about: its meaning, for schemas and cards.
        of: gives its n values; numbers as an array.
    """

    name: str
    kind: Kind
    about: str
    of: Callable[[SetColumns], Values]


def _combination(columns: SetColumns) -> NDArray[np.int64]:
    """Return the combination held in most frames of each set, of several the one held last."""
    frames = columns.combinations
    latest = np.zeros(len(frames), np.int64)
    most = np.zeros(len(frames), np.int64)
    for place in range(frames.shape[1] if len(frames) else 0):
        count = (frames == frames[:, place : place + 1]).sum(1)
        better = count >= most
        latest[better], most[better] = frames[better, place], count[better]
    return latest


def _repeats(columns: SetColumns) -> NDArray[np.int64]:
    repeats: NDArray[np.int64] = (columns.combinations == _combination(columns)[:, None]).sum(1)
    return repeats


def _next(columns: SetColumns) -> Sequence[Sequence[int]]:
    rows: list[list[int]] = columns.next_combinations.tolist()
    return [row if NOTHING not in row else [] for row in rows]


COLUMNS = (
    Column("whole", Kind.FLAG, "whether nothing is wrong with it", lambda it: np.array([s.whole for s in it.sets])),
    Column("flaws", Kind.TEXTS, "what keeps it from being whole", lambda it: [list(s.flaws) for s in it.sets]),
    Column(
        "picture_from",
        Kind.WHOLE,
        f"frame set that its screenshot was taken after: its own number, that of an older one, or {NOTHING} for none",
        lambda it: it.pictures,
    ),
    Column(
        "combination",
        Kind.WHOLE,
        "combination of buttons held in most of its frames; a number of `combinations` in dataset.json",
        _combination,
    ),
    Column("combination_repeat", Kind.WHOLE, "in how many of its frames that was held", _repeats),
    Column(
        "frame_combinations",
        Kind.WHOLES,
        "combination held at each frame; frames that a log lacks are filled in",
        lambda it: it.combinations.tolist(),
    ),
    Column(
        "next_combinations",
        Kind.WHOLES,
        "what the player did on seeing it: `frame_combinations` of the frame set that follows; empty at an episode's "
        "end",
        _next,
    ),
)
"""The columns, in order."""

GOAL_COLUMNS = (
    Column("reward", Kind.NUMBER, "gained during it; null where that is not known", lambda it: it.rewards),
    Column("done", Kind.FLAG, "whether the episode is over after it", lambda it: it.dones),
    Column("reset", Kind.FLAG, "whether nobody plays in it", lambda it: it.resets),
)
"""Further columns of datasets with a goal."""


def rows_of(sets: SetColumns, columns: Sequence[Column] = COLUMNS) -> list[dict[str, Any]]:
    """Return columns row by row, as JSON has them; orjson writes what is not known as null."""
    values = {column.name: _listed(column.of(sets)) for column in columns}
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def _listed(values: Values) -> Sequence[Any]:
    return values.tolist() if isinstance(values, np.ndarray) else values


def numeric_columns() -> list[Column]:
    """Return the columns that hold one number for each frame set."""
    return [column for column in COLUMNS if column.kind.is_numeric]
