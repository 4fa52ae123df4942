"""Lines about connections that were turned away: one at a time, and of a crowd only how many. Pure."""

__all__ = ["PAUSE", "Rejections"]

PAUSE = 2000
"""Ms between two lines: printing one takes longer than turning somebody away."""


class Rejections:
    """Thins out the lines of rejected connections."""

    def __init__(self) -> None:
        self._told = -PAUSE
        self._untold = 0

    def note(self, line: str, now: int) -> str | None:
        """Take a line and return what to tell, or None while the last one is fresh.

        Args:
            line: about one connection, a sentence.
            now: ms of any clock.
        """
        if 0 <= now - self._told < PAUSE:
            self._untold += 1
            return None
        told = f"{line} {self._untold} more since the last line." if self._untold else line
        self._told, self._untold = now, 0
        return told
