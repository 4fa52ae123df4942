"""Thinning of a curve: as many points as can be seen, with every peak. Pure."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from protocol.changes import I32, I64

__all__ = ["thinned"]

_KEPT = 5
"""Points of a bucket that are kept at most: first, last, lowest, highest, and one that is not known."""


def thinned(times: I32, values: NDArray[np.float64], most: int) -> I64:
    """Choose points of a curve that look like all of them.

    Args:
        times: ascending, shape (m,).
        values: NaN where they are not known, shape (m,).
        most: how many points are kept at most, at least 5.

    Returns:
        Indices of the points that are kept, ascending; all of them where they are not too many.
    """
    if len(times) <= most:
        return np.arange(len(times))
    edges = np.linspace(times[0], int(times[-1]) + 1, most // _KEPT + 1)
    bounds = np.searchsorted(times, edges).tolist()
    kept: set[int] = set()
    for first, end in pairwise(bounds):
        if end - first <= _KEPT:
            kept.update(range(first, end))
            continue
        bucket = values[first:end]
        kept.update((first, end - 1))
        lowest = int(bucket.argmin())  # The first that is not known, if any is.
        if not np.isnan(bucket[lowest]):
            kept.update((first + lowest, first + int(bucket.argmax())))
            continue
        kept.add(first + lowest)
        if not np.isnan(bucket).all():
            kept.update((first + int(np.nanargmin(bucket)), first + int(np.nanargmax(bucket))))
    return np.array(sorted(kept), np.int64)
