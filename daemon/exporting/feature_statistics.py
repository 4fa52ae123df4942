"""Statistics of features, for normalisation. Pure.

A feature's statistics are `min`, `max`, `mean`, `std`, `count` and quantiles (`q01`, `q10`, `q50`, `q90`, `q99`), each
a nested list; those of a screenshot have shape (3, 1, 1), by channel, of values from 0 to 1 (LeRobot,
datasets/compute_stats.py). Quantiles of several parts are the weighted mean of theirs, as LeRobot merges them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Statistics", "column_statistics", "merged_statistics", "sampled", "screenshot_statistics"]

Statistics = Mapping[str, Any]

_MOST_SAMPLES = 100
_CHANNELS = (3, 1, 1)
_QUANTILES = {"q01": 0.01, "q10": 0.1, "q50": 0.5, "q90": 0.9, "q99": 0.99}


def sampled(count: int) -> list[int]:
    """Choose which of an episode's screenshots are looked at: at most a hundred, evenly spread."""
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, _MOST_SAMPLES)).tolist()})


def column_statistics(values: NDArray[Any]) -> Statistics:
    """Describe a column of shape (n,) or (n, d)."""
    rows = values.astype(np.float64).reshape(len(values), -1)
    quantiles = dict(zip(_QUANTILES, np.quantile(rows, list(_QUANTILES.values()), axis=0), strict=True))
    return _statistics(rows.min(0), rows.max(0), rows.mean(0), rows.std(0), quantiles, len(rows))


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
    below = np.cumsum(counts, axis=1) / total[:, None]
    quantiles = {
        name: np.array([levels[np.searchsorted(row, part)] for row in below]).reshape(_CHANNELS)
        for name, part in _QUANTILES.items()
    }
    least, most, mean, std = (value.reshape(_CHANNELS) for value in (least, most, mean, std))
    return _statistics(least, most, mean, std, quantiles, len(screenshots))


def merged_statistics(parts: Sequence[Statistics]) -> Statistics:
    """Merge the statistics of parts into those of all of them together."""
    least, most, means, stds = (
        np.array([part[name] for part in parts], float) for name in ("min", "max", "mean", "std")
    )
    counts = np.array([part["count"][0] for part in parts], float)
    weights = (counts / counts.sum()).reshape(-1, *(1,) * (means.ndim - 1))
    mean = (means * weights).sum(0)
    variance = ((stds**2 + (means - mean) ** 2) * weights).sum(0)
    quantiles = {name: (np.array([part[name] for part in parts], float) * weights).sum(0) for name in _QUANTILES}
    return _statistics(least.min(0), most.max(0), mean, np.sqrt(variance), quantiles, int(counts.sum()))


def _statistics(least: Any, most: Any, mean: Any, std: Any, quantiles: Mapping[str, Any], count: int) -> Statistics:
    arrays = {"min": least, "max": most, "mean": mean, "std": std, **quantiles}
    return {name: np.asarray(value, float).tolist() for name, value in arrays.items()} | {"count": [count]}
