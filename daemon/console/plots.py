"""Curves drawn with characters: a line beside a value, or a plot as wide as asked. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["BARS", "PLAIN_BARS", "bars_for", "curve_plot", "resampled", "sparkline"]

BARS = "▁▂▃▄▅▆▇█"
"""Bars from the lowest to the highest."""

PLAIN_BARS = "_.-:=+*#"
"""As `BARS`, where the output cannot hold those."""


def bars_for(encoding: str) -> str:
    """Return the bars that an output can hold."""
    try:
        f"{BARS}┤".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return PLAIN_BARS
    return BARS


def sparkline(values: Sequence[float | None], bars: str = BARS) -> str:
    """Draw values as bars of one line, smallest to largest; a blank where there is none."""
    known = [value for value in values if value is not None and np.isfinite(value)]
    if not known:
        return " " * len(values)
    low, high = min(known), max(known)
    steps = len(bars) - 1

    def bar(value: float | None) -> str:
        if value is None or not np.isfinite(value):
            return " "
        return bars[round((value - low) / (high - low) * steps) if high > low else 0]

    return "".join(map(bar, values))


def curve_plot(values: Sequence[float | None], height: int, bars: str = BARS) -> list[str]:
    """Draw values as bars, a column each, with the scale on the left.

    Args:
        values: one for each column; None where there is none.
        height: lines of the plot, at least 2.
        bars: of which it is drawn.
    """
    known = [value for value in values if value is not None and np.isfinite(value)]
    if not known:
        return ["no value is known"]
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    eighths = [
        None if value is None or not np.isfinite(value) else 1 + round((value - low) / span * (8 * height - 1))
        for value in values
    ]
    scale = [f"{high:g}", *[""] * (height - 2), f"{low:g}"]
    margin = max(map(len, scale))
    lines = []
    for line, mark in enumerate(scale):
        below = 8 * (height - 1 - line)
        drawn = "".join(_bar(filled, below, bars) for filled in eighths)
        lines.append(f"{mark:>{margin}} {'|' if bars == PLAIN_BARS else '┤'}{drawn}".rstrip())
    return lines


def resampled(times: NDArray[np.integer], values: Sequence[float | None], end: int, columns: int) -> list[float | None]:
    """Return the value at the end of each of some equal columns of time.

    Args:
        times: from which on each value is true, ascending.
        values: the values; None where there is none.
        end: time at which the last column ends.
        columns: how many.
    """
    at = np.searchsorted(times, np.linspace(0, end, columns + 1)[1:], "right") - 1
    return [None if place < 0 else values[place] for place in at.tolist()]


def _bar(filled: int | None, below: int, bars: str) -> str:
    """Return the part of a bar that is in one line, below which so many eighths lie."""
    if filled is None or filled <= below:
        return " "
    return bars[min(filled - below, len(bars)) - 1]
