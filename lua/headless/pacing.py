"""Frame timing in real time, without drift. Pure: the clock is passed in."""

from protocol.console import GBA

__all__ = ["Pacer"]

_MAX_LATENESS_S = 0.25
"""Lateness beyond this is not caught up with: after a long stall the game must not run fast."""


class Pacer:
    """Timer of frames: the wait before each.

    Each frame is due a fixed time after the *first*, so that errors of sleeping do not add up.

    Args:
        now: seconds on any clock that never goes back.
        rate: frames per second.
    """

    def __init__(self, now: float, rate: float = GBA.frames_per_second) -> None:
        self._rate = rate
        self._start = now
        self._frames = 0

    def next_frame(self, now: float) -> float:
        """Count one frame and give the seconds to wait before running it; 0 when it is due or late."""
        due = self._start + self._frames / self._rate
        if now - due > _MAX_LATENESS_S:
            self._start, self._frames, due = now, 0, now
        self._frames += 1
        return max(0.0, due - now)
