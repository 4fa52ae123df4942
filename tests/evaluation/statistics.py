"""Shares with confidence intervals, and the tables that they stand in. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

__all__ = ["Share", "Table", "share_of"]

_Z = 1.959964
"""Quantile of the normal distribution for 95 %."""


@dataclass(frozen=True, slots=True)
class Share:
    """A number of successes among cases."""

    successes: int
    cases: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; 0 of no cases."""
        return self.successes / self.cases if self.cases else 0.0

    def interval(self) -> tuple[float, float]:
        """Return the Wilson score interval at 95 % (Wilson 1927, Probable Inference); 0 to 1 of no cases."""
        if not self.cases:
            return 0.0, 1.0
        share, cases = self.value, self.cases
        middle = (share + _Z**2 / (2 * cases)) / (1 + _Z**2 / cases)
        half = _Z / (1 + _Z**2 / cases) * sqrt(share * (1 - share) / cases + _Z**2 / (4 * cases**2))
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        """Write it with its interval and the number of cases."""
        if not self.cases:
            return "no case"
        low, high = self.interval()
        return f"{self.value:.0%} ({low:.0%} to {high:.0%}; {self.successes} of {self.cases})"


def share_of(outcomes: Iterable[bool]) -> Share:
    """Count outcomes."""
    counted = list(outcomes)
    return Share(sum(counted), len(counted))


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be printed, in Markdown.

    Args:
        title: its heading.
        columns: names of the columns.
        rows: texts, one for each column.
        notes: sentences below it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Write it."""
        lines = [f"### {self.title}", ""]
        lines += [f"| {' | '.join(row)} |" for row in (self.columns, ("---",) * len(self.columns), *self.rows)]
        return "\n".join([*lines, *(["", *self.notes] if self.notes else []), ""])
