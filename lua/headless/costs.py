"""Cost of a script per frame, counted where it crosses into BizHawk.

Calls, table elements and bytes are counted as they are. Weighed with the time that each takes in BizHawk (`weights`)
they give an estimate in microseconds, which does not depend on this machine nor on how long the stand-in itself takes.
The time of the Lua interpreter is not in it; a clock tells that from the time of the calls.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["CostSummary", "Costs", "Distribution"]


@dataclass(frozen=True, slots=True)
class Distribution:
    """One kind of cost over the frames of a run."""

    median: float
    p99: float
    maximum: float
    total: float


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
    weighed: Distribution
    """Milliseconds that the calls would take in BizHawk, estimated."""
    startup_calls: int
    """Calls before the first frame."""


class Costs:
    """Running counters; `end_frame` closes a frame's account.

    Args:
        clock: counts nanoseconds; None to leave time alone.

    Attributes:
        hashed: bytes hashed on BizHawk's side.
        microseconds: estimate of the calls' time in BizHawk.
        nanoseconds: time that the stand-in's side of the calls took, by the clock, over all frames.
    """

    def __init__(self, clock: Callable[[], int] | None = None) -> None:
        self.nanoseconds = 0
        self._clock = clock
        self._startup_calls = 0
        self._frames: list[tuple[int, int, int, int]] = []
        self._weighed: list[float] = []
        self._clear()

    @property
    def handled(self) -> int:
        """Bytes copied, sent and hashed so far in this frame."""
        return self.copied + self.sent + self.hashed

    def timed(self, function: Callable[..., object]) -> Callable[..., object]:
        """Wrap a function so that its time counts, if there is a clock."""
        clock = self._clock
        if clock is None:
            return function

        def call(*args: object) -> object:
            began = clock()
            try:
                return function(*args)
            finally:
                self.nanoseconds += clock() - began

        return call

    @property
    def last_frame(self) -> tuple[int, int, int, int]:
        """Calls, elements, bytes copied and bytes sent in the last frame; zeros before the first."""
        return self._frames[-1] if self._frames else (0, 0, 0, 0)

    @property
    def last_weighed(self) -> float:
        """Milliseconds that the calls of the last frame would take in BizHawk; 0 before the first."""
        return self._weighed[-1] if self._weighed else 0.0

    def end_startup(self) -> None:
        """Close the account of what a script did when it was loaded."""
        self._startup_calls += self.calls
        self._clear()

    def end_frame(self) -> None:
        """Close the account of a frame."""
        self._frames.append((self.calls, self.elements, self.copied, self.sent))
        self._weighed.append(self.microseconds / 1000)
        self._clear()

    def summary(self) -> CostSummary:
        """Sum up all frames so far."""
        table = np.array(self._frames, dtype=np.int64).reshape(-1, 4)
        calls, elements, copied, sent = (_distribution(column.tolist()) for column in table.T)
        weighed = _distribution(self._weighed)
        return CostSummary(len(table), calls, elements, copied, sent, weighed, self._startup_calls)

    def _clear(self) -> None:
        self.calls = self.elements = self.copied = self.sent = self.hashed = 0
        self.microseconds = 0.0


def _distribution(values: Sequence[float]) -> Distribution:
    if not values:
        return Distribution(0.0, 0.0, 0, 0)
    median, p99 = np.percentile(values, (50, 99))
    return Distribution(float(median), float(p99), max(values), sum(values))
