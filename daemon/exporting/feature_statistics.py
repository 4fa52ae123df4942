"""Statistics of features, for normalisation. Pure.

A feature's statistics are `min`, `max`, `mean`, `std` and `count`, each a nested list; those of a screenshot have shape
(3, 1, 1), by channel, of values from 0 to 1 (LeRobot, datasets/compute_stats.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Statistics", "column_statistics", "merged_statistics", "sampled", "screenshot_statistics"]

Statistics = Mapping[str, Any]

_MOST_SAMPLES = 100


def sampled(count: int) -> list[int]:
    """Choose which of an episode's screenshots are looked at: at most a hundred, evenly spread."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, _MOST_SAMPLES)).tolist()})


def column_statistics(values: NDArray[Any]) -> Statistics:
    """Describe a column of shape (n,) or (n, d)."""
    rows = values.astype(np.float64).reshape(len(values), -1)
    return _statistics(rows.min(0), rows.max(0), rows.mean(0), rows.std(0), len(rows))


def screenshot_statistics(screenshots: Sequence[NDArray[np.uint8]]) -> Statistics:
    """Describe screenshots, each of shape (height, width, 3)."""
    channels = np.stack([screenshot.reshape(-1, 3) for screenshot in screenshots])
    counts = np.stack([np.bincount(channels[..., place].ravel(), minlength=256) for place in range(3)])
    levels = np.arange(256) / 255
    total = counts.sum(1)
    mean = counts @ levels / total
    std = np.sqrt(np.maximum(counts @ levels**2 / total - mean**2, 0))
    seen = [np.flatnonzero(row) for row in counts]
    least, most = (np.array([levels[row[end]] for row in seen]) for end in (0, -1))
    shape = (3, 1, 1)
    return _statistics(
        least.reshape(shape), most.reshape(shape), mean.reshape(shape), std.reshape(shape), len(screenshots)
    )


def merged_statistics(parts: Sequence[Statistics]) -> Statistics:
    """Merge the statistics of parts into those of all of them together."""
    least, most, means, stds = (
        np.array([part[name] for part in parts], float) for name in ("min", "max", "mean", "std")
    )
    counts = np.array([part["count"][0] for part in parts], float)
    weights = (counts / counts.sum()).reshape(-1, *(1,) * (means.ndim - 1))
    mean = (means * weights).sum(0)
    variance = ((stds**2 + (means - mean) ** 2) * weights).sum(0)
    return _statistics(least.min(0), most.max(0), mean, np.sqrt(variance), int(counts.sum()))


def _statistics(least: Any, most: Any, mean: Any, std: Any, count: int) -> Statistics:
    arrays = {"min": least, "max": most, "mean": mean, "std": std}
    return {name: np.asarray(value, float).tolist() for name, value in arrays.items()} | {"count": [count]}
