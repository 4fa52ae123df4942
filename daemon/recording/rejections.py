"""Rate limit of the lines about rejected connections. Pure."""

__all__ = ["PAUSE", "Rejections"]

PAUSE = 2000
"""Ms between two lines: printing one takes longer than turning somebody away."""


class Rejections:
    """Lines about rejected connections: one in `PAUSE`, with the number of those left out."""

    def __init__(self) -> None:
        self._last = -PAUSE
        self._left_out = 0

    def note(self, line: str, now: int) -> str | None:
        """Take a line and return the one to show, or None within `PAUSE` of the last one.

        Args:
            line: about one connection, a sentence.
            now: ms of any clock.
        """
        if 0 <= now - self._last < PAUSE:
            self._left_out += 1
            return None
        shown = f"{line} {self._left_out} more since the last line." if self._left_out else line
        self._last, self._left_out = now, 0
        return shown
