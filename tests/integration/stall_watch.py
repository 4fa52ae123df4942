"""Control for measured halts: how long the machine itself kept a sleeping thread waiting meanwhile."""

import threading
import time
from collections import deque

__all__ = ["StallWatch"]

_TICK = 0.01
_STALLED = 0.03
"""Seconds beyond a tick from which on the machine is busy with others."""


class StallWatch:
    """Thread that sleeps a hundredth of a second again and again, and notes when that took longer.

    What waits on a socket lets this thread run, so a daemon that stands still is never taken for a busy machine.
    """

    def __init__(self) -> None:
        self._stalls: deque[tuple[float, float]] = deque(maxlen=1000)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def halt_since(self, start: float) -> float:
        """Return the seconds since `start` (`time.perf_counter`) without those in which the machine stood still."""
        took = time.perf_counter() - start
        if took < _STALLED:
            return took
        time.sleep(2 * _TICK)  # The thread wakes up as late as we did: its note comes a moment after.
        return took - sum(min(length, end - start) for end, length in list(self._stalls) if end > start)

    def end(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        start = time.perf_counter()
        while not self._ended.wait(_TICK):
            now = time.perf_counter()
            if now - start - _TICK > _STALLED:
                self._stalls.append((now, now - start - _TICK))
            start = now
