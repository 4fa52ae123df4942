"""Retries for files that another program holds open. Pure: sleeping is passed in.

On Windows a virus scanner, the indexer or a cloud folder opens a file in the very moment in which it got its name, and
for as long as it is open nobody else can rename, replace or delete it, or any folder above it. The system then answers
ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION or ERROR_LOCK_VIOLATION; it says the same of a file that its user may
really not touch, so patience has an end. Elsewhere an open file is in nobody's way.
"""

import sys
from collections.abc import Callable, Iterator
from typing import TypeVar

__all__ = ["HOLD_PATIENCE", "is_held", "once_more", "patiently", "pauses"]

T = TypeVar("T")

HOLD_PATIENCE = 10.0
"""Seconds for which a file may be held before we give up: a scanner takes one or two for a large archive."""

_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.5

_HELD = {None, 5, 32, 33}
"""Windows' error numbers; None where the C library answered, which knows only EACCES."""

_ON_WINDOWS = sys.platform == "win32"


def is_held(error: OSError) -> bool:
    """Tell whether a refusal means that another program holds the file."""
    return _ON_WINDOWS and isinstance(error, PermissionError) and getattr(error, "winerror", None) in _HELD


def pauses() -> Iterator[float]:
    """Yield the seconds to wait before each further try, growing, `HOLD_PATIENCE` in all."""
    left, pause = HOLD_PATIENCE, _FIRST_PAUSE
    while left > 0:
        yield min(pause, left)
        left -= pause
        pause = min(2 * pause, _LONGEST_PAUSE)


def patiently(action: Callable[[], T], sleep: Callable[[float], object]) -> T:
    """Do something to a file, again and again while another program holds it.

    Args:
        action: renames, replaces or deletes; it can be repeated without harm.
        sleep: waits for so many seconds.

    Raises:
        OSError: what the action raised: another refusal at once, that of a held file after `HOLD_PATIENCE`.
    """
    for pause in pauses():
        try:
            return action()
        except OSError as error:
            if not is_held(error):
                raise
        sleep(pause)
    return action()


def once_more(action: Callable[[], T], sleep: Callable[[float], object]) -> T:
    """Read a file, or do what can be left undone, a second time where it was held at that moment.

    Args:
        action: opens and reads it, say.
        sleep: waits for so many seconds.

    Raises:
        OSError: what the action raised.
    """
    try:
        return action()
    except OSError as error:
        if not is_held(error):
            raise
    sleep(_FIRST_PAUSE)
    return action()
