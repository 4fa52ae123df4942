"""Notice that the writer has not answered for a while, and that it does again. Pure; time is passed in."""

__all__ = ["STALLED", "StallNotice"]

STALLED = 5.0
"""Seconds without a report after which people are told."""


class StallNotice:
    """Says once that the disk does not answer, and once that it does again."""

    def __init__(self) -> None:
        self._longest = 0.0

    def observe(self, silence: float) -> str | None:
        """Take a look.

        Args:
            silence: seconds for which jobs have waited without any report; 0 where none waits.

        Returns:
            A line for the person at the keyboard, if there is something new.
        """
        before = self._longest
        if silence >= STALLED:
            self._longest = silence
            return None if before else f"The disk has not answered for {silence:.0f} s: recording waits for it."
        self._longest = 0.0
        return f"The disk answers again, after {before:.0f} s." if before else None
