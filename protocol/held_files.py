"""Pauses between retries, for files that another program holds open. Pure.

On Windows a virus scanner, the indexer or a cloud folder opens a file in the very moment in which it got its name, and
for as long as it is open nobody else can rename, replace or delete it, or any folder above it. The system then answers
ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION or ERROR_LOCK_VIOLATION; it says the same of a file that its user may
really not touch, so patience has an end. Elsewhere an open file is in nobody's way.
"""

import sys
from collections.abc import Iterator

__all__ = ["FIRST_PAUSE", "HOLD_PATIENCE", "is_held", "pauses"]

HOLD_PATIENCE = 10.0
"""Seconds for which a file may be held before we give up: a scanner takes one or two for a large archive."""

FIRST_PAUSE = 0.01
"""Seconds before the second try."""

_LONGEST_PAUSE = 0.5

_HELD = {None, 5, 32, 33}
"""Windows' error numbers; None where the C library answered, which knows only EACCES."""

_ON_WINDOWS = sys.platform == "win32"


def is_held(error: OSError) -> bool:
    """Return whether a refusal means that another program holds the file."""
    return _ON_WINDOWS and isinstance(error, PermissionError) and getattr(error, "winerror", None) in _HELD


def pauses() -> Iterator[float]:
    """Yield the seconds to wait before each further try, growing, `HOLD_PATIENCE` in all."""
    left, pause = HOLD_PATIENCE, FIRST_PAUSE
    while left > 0:
        yield min(pause, left)
        left -= pause
        pause = min(2 * pause, _LONGEST_PAUSE)
