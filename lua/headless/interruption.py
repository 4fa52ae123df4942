"""Ctrl+C while a core runs: kept, and raised when its frame is over. Shell.

ctypes drops what a core's callback raises, Ctrl+C too; and a core's callbacks are where a play is found at nearly any
moment, so a program that plays could not be stopped.
"""

import sys
from threading import Event
from types import TracebackType
from typing import Protocol

__all__ = ["keep_interruption", "raise_interruption"]


class _Dropped(Protocol):
    exc_type: type[BaseException]
    exc_value: BaseException | None
    exc_traceback: TracebackType | None
    err_msg: str | None
    object: object


_kept = Event()
_others = sys.unraisablehook


def raise_interruption() -> None:
    """Raise KeyboardInterrupt where one was dropped since the last call."""
    if _kept.is_set():
        _kept.clear()
        raise KeyboardInterrupt


def keep_interruption(dropped: _Dropped) -> None:
    """Keep a dropped Ctrl+C, and report anything else as before; the import sets it."""
    if issubclass(dropped.exc_type, KeyboardInterrupt):
        _kept.set()
    else:
        _others(dropped)


sys.unraisablehook = keep_interruption
