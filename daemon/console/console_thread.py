"""Thread with a bounded queue in front of the console. Shell.

A console can stand still for as long as a person likes: in the classic window of Windows selecting text stops every
writer (QuickEdit), in others Ctrl+S does. Nobody but this thread waits for it.
"""

import contextlib
import queue
import threading
from collections.abc import Callable

__all__ = ["MOST_WAITING", "ConsoleThread"]

MOST_WAITING = 500
"""Things to show that wait; further ones are dropped and counted."""

Show = Callable[[], object]
"""Writes something to the console; may block, may fail."""


class ConsoleThread:
    """Thread that writes to the console, one thing after the other.

    You must `start` it, and `close` it at the end.

    Args:
        dropped: shows how many things were dropped while the console stood still.
    """

    def __init__(self, dropped: Callable[[int], object]) -> None:
        self._dropped = dropped
        self._missing = 0
        self._latest: Show | None = None
        self._queue: queue.Queue[Show | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="console", daemon=True)

    def start(self) -> None:
        """Begin to show, in the order of `put`."""
        self._thread.start()

    def put(self, show: Show) -> None:
        """Show something as soon as the console takes it. Never blocks, never fails."""
        if not self._queued(show):
            self._missing += 1

    def offer(self, show: Show) -> None:
        """Show something soon out of date; it replaces a predecessor that still waits."""
        waits, self._latest = self._latest is not None, show
        if not waits and not self._queued(self._show_latest):
            self._latest = None

    def close(self, patience: float) -> None:
        """Show the queue and end, or give up after `patience` seconds."""
        while True:
            try:
                self._queue.put_nowait(None)
            except queue.Full:
                with contextlib.suppress(queue.Empty):
                    self._queue.get_nowait()
                    self._missing += 1
            else:
                break
        self._thread.join(patience)

    def _queued(self, show: Show) -> bool:
        try:
            self._queue.put_nowait(show)
        except queue.Full:
            return False
        return True

    def _show_latest(self) -> None:
        show, self._latest = self._latest, None
        if show is not None:
            show()

    def _run(self) -> None:
        while (show := self._queue.get()) is not None:
            _attempt(show)
            missing, self._missing = self._missing, 0
            if missing:
                _attempt(lambda missing=missing: self._dropped(missing))  # type: ignore[misc]


def _attempt(show: Show) -> None:
    # Rich answers a closed pipe with SystemExit. A message that cannot be shown fails nothing else.
    with contextlib.suppress(Exception, SystemExit):
        show()
