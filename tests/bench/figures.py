"""Measured figures with their spread, baseline and budget. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

__all__ = ["Budget", "Figure", "Spread", "spread"]

Statistic = Literal["median", "p95", "p99", "ratio", "ratio at p99"]


@dataclass(frozen=True, slots=True)
class Spread:
    """Many values of one thing, summed up."""

    count: int
    median: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Budget:
    """A promise about one statistic of a figure.

    Args:
        statistic: what is promised.
        limit: the worst value that keeps the promise.
        at_least: whether larger is better.
    """

    statistic: Statistic
    limit: float
    at_least: bool = False

    def is_kept(self, value: float) -> bool:
        """Tell whether a value keeps the promise."""
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{self.statistic} {'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Args:
        subject: what was measured, and under which circumstances.
        measure: which of its properties.
        unit: of all values.
        values: the measurements.
        baseline: the same of the baseline in the same run, or None without one.
        budgets: what was promised.
        more_is_better: whether large values are good.
    """

    subject: str
    measure: str
    unit: str
    values: Spread
    baseline: Spread | None = None
    budgets: tuple[Budget, ...] = ()
    more_is_better: bool = False

    def ratio(self, statistic: Literal["median", "p99"] = "median") -> float | None:
        """Say how many times better than the baseline it is; None without a baseline or where a value is zero."""
        ours = getattr(self.values, statistic)
        theirs = getattr(self.baseline, statistic) if self.baseline else 0.0
        if not ours or not theirs:
            return None
        return float(ours / theirs if self.more_is_better else theirs / ours)

    def statistic(self, name: Statistic) -> float | None:
        """Look up what a budget is about."""
        match name:
            case "ratio":
                return self.ratio()
            case "ratio at p99":
                return self.ratio("p99")
            case _:
                return float(getattr(self.values, name))

    def missed(self) -> list[Budget]:
        """List the budgets that are not kept."""
        values = [(budget, self.statistic(budget.statistic)) for budget in self.budgets]
        return [budget for budget, value in values if value is not None and not budget.is_kept(value)]


def spread(values: Sequence[float]) -> Spread:
    """Sum values up; at least one."""
    median, p95, p99 = np.percentile(np.asarray(values, float), (50, 95, 99))
    return Spread(len(values), float(median), float(p95), float(p99))
