"""Variables of a dataset: the named addresses of its games, and their values. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.analysis.value_types import VALUE_TYPES
from daemon.names.named_address import NamedAddress
from protocol.changes import F64, I32
from protocol.errors import AnalysisError

__all__ = ["NO_VALUES", "NO_VARIABLES", "VariableChoice", "VariableValues", "Variables", "values_after"]

_UNKNOWN = np.nan


class VariableChoice(StrEnum):
    """Choice of the names that become variables."""

    ALL = "all"
    WATCHED = "watched"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Variables:
    """Columns of a dataset, one for each name; several sessions of a game have the same.

    Args:
        names: each name once; where two games have one, the first game's describes the column.
        whole: whether every value of the column is a whole number.
    """

    names: tuple[NamedAddress, ...] = ()
    whole: tuple[bool, ...] = ()

    @classmethod
    def of(cls, games: Iterable[Sequence[NamedAddress]], choice: VariableChoice) -> "Variables":
        """Choose the columns of a dataset.

        Args:
            games: the names of each session's game.
            choice: which of them.
        """
        found: dict[str, NamedAddress] = {}
        whole: dict[str, bool] = {}
        for names in games:
            for name in names:
                if choice is VariableChoice.ALL or (choice is VariableChoice.WATCHED and name.watched):
                    found.setdefault(name.name, name)
                    whole[name.name] = whole.get(name.name, True) and _is_whole(name)
        return cls(tuple(found.values()), tuple(whole[name] for name in found))

    def named(self, names: Sequence[str]) -> "Variables":
        """Return the columns of these names, in their order."""
        places = [self.columns.index(name) for name in names]
        return Variables(tuple(self.names[place] for place in places), tuple(self.whole[place] for place in places))

    def __len__(self) -> int:
        """Number of columns."""
        return len(self.names)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [name.name for name in self.names]

    def as_maps(self) -> list[dict[str, Any]]:
        """Describe the columns as `dataset.json` does: name, address, type, scale, meanings, note."""
        keys = ("name", "address", "type", "scale", "values", "bits", "note", "status")
        return [{key: value for key, value in name.as_map().items() if key in keys} for name in self.names]

    def rows(self, values: F64) -> list[dict[str, float | int | None]]:
        """Return the values of frame sets by name, None where a value is not known.

        Args:
            values: shape (n, k).
        """
        listed: list[list[float | int | None]] = []
        for column, whole in zip(values.T, self.whole, strict=True):
            known = np.isfinite(column)
            numbers = np.where(known, column, 0).astype(np.int64) if whole else column
            row: list[float | int | None] = numbers.tolist()
            for place in np.flatnonzero(~known).tolist():
                row[place] = None
            listed.append(row)
        names = self.columns
        return [dict(zip(names, row, strict=True)) for row in zip(*listed, strict=True)] or [{}] * len(values)


NO_VARIABLES = Variables()
"""The columns of a dataset of games without names."""


class VariableValues:
    """Values of variables after each of n frame sets, kept as steps, for few of them move often.

    Args:
        known: the frame sets that the recording has, by their places among the n, ascending.
        steps: of each variable the places at which it gets another value, and those; empty where there is none.
    """

    def __init__(self, known: NDArray[np.intp], steps: Sequence[tuple[NDArray[np.intp], F64]]) -> None:
        self._known = known
        self._steps = steps

    def at(self, first: int, last: int) -> F64:
        """Return the values after the frame sets from a place up to, without, another.

        Returns:
            Shape (last - first, k); NaN where a value is not known, was not recorded, or is none of its type.
        """
        values = np.full((last - first, len(self._steps)), _UNKNOWN)
        here = self._known[np.searchsorted(self._known, first) : np.searchsorted(self._known, last)]
        for column, (places, found) in enumerate(self._steps):
            if len(places):
                values[here - first, column] = found[np.searchsorted(places, here, "right") - 1]
        return values


NO_VALUES = VariableValues(np.empty(0, np.intp), ())
"""The values of no variables."""


def values_after(
    history: History, numbers: Sequence[int], variables: Variables, names: Mapping[str, NamedAddress]
) -> VariableValues:
    """Return the value of each variable after each frame set, in its scale.

    Args:
        history: of the session.
        numbers: frame sets, ascending, n of them.
        variables: k columns.
        names: the names of the session's game, by name.
    """
    timeline = history.timeline
    wanted = np.asarray(numbers, np.int64)
    rows = np.flatnonzero(np.isin(wanted, timeline.numbers))
    places = np.searchsorted(timeline.numbers, wanted[rows])
    times = ((places + 1) * timeline.stride - 1).astype(np.int32)
    return VariableValues(rows, [_steps_of(history, names.get(each.name), rows, times) for each in variables.names])


def _steps_of(
    history: History, name: NamedAddress | None, rows: NDArray[np.intp], times: I32
) -> tuple[NDArray[np.intp], F64]:
    """Return the rows at which a variable gets another value, and those."""
    nothing = np.empty(0, np.intp), np.empty(0)
    if name is None or not len(rows):
        return nothing
    try:
        steps = history.values_of(history.position_of(name.address), VALUE_TYPES[name.type], times)
    except AnalysisError:
        return nothing  # It lies in memory that this session did not record.
    values = steps.typed.values.astype(np.float64)
    values[~steps.typed.where_valid(steps.known)] = _UNKNOWN
    return rows[np.searchsorted(times, steps.time)], values * name.scale.factor + name.scale.offset


def _is_whole(name: NamedAddress) -> bool:
    scale = name.scale
    return VALUE_TYPES[name.type].is_whole and float(scale.factor).is_integer() and float(scale.offset).is_integer()
