"""What a script costs, counted where it crosses into BizHawk.

Every call from Lua into BizHawk costs on the order of a microsecond whatever it does, and every table element that
crosses is boxed one by one. Calls and elements per frame are therefore the honest, machine-independent cost of a
script. A binary string crosses as one bulk copy.
"""

from dataclasses import dataclass

import numpy as np

__all__ = ["CostSummary", "Costs", "Distribution"]


@dataclass(frozen=True, slots=True)
class Distribution:
    """One kind of cost over the frames of a run."""

    median: float
    p99: float
    maximum: int
    total: int


@dataclass(frozen=True, slots=True)
class CostSummary:
    """Costs per frame of a run; what the script did before its first frame is not in them."""

    frames: int
    """Frames counted."""
    calls: Distribution
    """Calls from Lua into BizHawk."""
    elements: Distribution
    """Elements of tables that crossed, in either direction."""
    copied: Distribution
    """Bytes that crossed inside binary strings."""
    sent: Distribution
    """Bytes handed to the comm socket, screenshots included."""
    startup_calls: int
    """Calls before the first frame."""


class Costs:
    """Running counters; `end_frame` closes a frame's account."""

    def __init__(self) -> None:
        self.calls = 0
        self.elements = 0
        self.copied = 0
        self.sent = 0
        self._startup_calls = 0
        self._frames: list[tuple[int, int, int, int]] = []

    @property
    def last_frame(self) -> tuple[int, int, int, int]:
        """Calls, elements, bytes copied and bytes sent in the last frame; zeros before the first."""
        return self._frames[-1] if self._frames else (0, 0, 0, 0)

    def end_startup(self) -> None:
        """Close the account of what a script did when it was loaded."""
        self._startup_calls += self.calls
        self._clear()

    def end_frame(self) -> None:
        """Close the account of a frame."""
        self._frames.append((self.calls, self.elements, self.copied, self.sent))
        self._clear()

    def summary(self) -> CostSummary:
        """Sum up all frames so far."""
        table = np.array(self._frames, dtype=np.int64).reshape(-1, 4)
        calls, elements, copied, sent = (_distribution(column) for column in table.T)
        return CostSummary(len(table), calls, elements, copied, sent, self._startup_calls)

    def _clear(self) -> None:
        self.calls = self.elements = self.copied = self.sent = 0


def _distribution(values: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Distribution:
    if not len(values):
        return Distribution(0.0, 0.0, 0, 0)
    median, p99 = np.percentile(values, (50, 99))
    return Distribution(float(median), float(p99), int(values.max()), int(values.sum()))
