"""Recent past of a session: change counts, buttons held, the last frame sets. Pure."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from protocol.changes import U16, Words
from protocol.console import NO_KEYS
from protocol.session.frame_set import FrameSet

__all__ = ["FREQ_WINDOW", "KEY_HISTORY", "MAX_COUNTED", "FrequencyWindow", "KeyHistory", "RecentSets"]

FREQ_WINDOW = 100
"""Frames over which `freq` counts the changes of an address, the present frame included."""

MAX_COUNTED = 1 << 22
"""Changes within `FREQ_WINDOW` frames that a session counts: more than half of a GBA's work RAM at each of them."""

KEY_HISTORY = 5
"""Combinations of buttons that `key_history` holds."""


class FrequencyWindow:
    """Change counts of one region's words over the last `FREQ_WINDOW` frames.

    Args:
        words: how many words the region has.

    Attributes:
        kept: changes that it keeps.
    """

    def __init__(self, words: int) -> None:
        self._counts = np.zeros(words, np.uint16)
        self._recent: deque[tuple[int, Words]] = deque()
        self.kept = 0

    def count(self, frame: int, words: Words) -> U16:
        """Count one change of each of `words` at `frame`.

        Args:
            frame: not smaller than any before, until `clear`.
            words: word numbers, shape (m,), none twice.

        Returns:
            The words' counts within the window, this change included, shape (m,).
        """
        while self._recent and self._recent[0][0] <= frame - FREQ_WINDOW:
            self.forget_oldest()
        self._recent.append((frame, words))
        self.kept += len(words)
        counts = self._counts[words]
        counts += 1
        self._counts[words] = counts
        return counts

    @property
    def oldest(self) -> int | None:
        """The oldest frame that it keeps, or None."""
        return self._recent[0][0] if self._recent else None

    def forget_oldest(self) -> None:
        """Forget the changes of the oldest chunk."""
        _, words = self._recent.popleft()
        self._counts[words] -= 1
        self.kept -= len(words)

    def clear(self) -> None:
        """Forget everything: frame numbers have jumped."""
        self._recent.clear()
        self._counts[:] = 0
        self.kept = 0


class KeyHistory:
    """The last combinations of buttons, each entered when it differs from the one before.

    Args:
        names: the console buttons, bit 0 first.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._combinations: deque[str] = deque(maxlen=KEY_HISTORY)
        self._last: tuple[int, str, tuple[str, ...]] | None = None

    def press(self, buttons: int) -> tuple[str, tuple[str, ...]]:
        """Note the buttons of a frame.

        Args:
            buttons: bit set over the names; bits without a name are ignored.

        Returns:
            `(combination, history)`: the buttons joined by `+`, empty for none; the last combinations, oldest first.
        """
        if self._last is None or self._last[0] != buttons:
            held = "+".join(name for bit, name in enumerate(self._names) if buttons >> bit & 1)
            if not self._combinations or self._combinations[-1] != (held or NO_KEYS):
                self._combinations.append(held or NO_KEYS)
            self._last = (buttons, held, tuple(self._combinations))
        return self._last[1:]

    def recall(self, history: Sequence[str]) -> None:
        """Go on from the combinations that a recorded frame had, oldest first."""
        self._combinations.clear()
        self._combinations.extend(history)
        self._last = None


class RecentSets:
    """The last stored frame sets, from which a session can go back.

    Keeps consecutive sets of the last `FREQ_WINDOW` frames, with no more than `MAX_COUNTED` changes.
    """

    def __init__(self) -> None:
        self._sets: deque[FrameSet] = deque()
        self._changes = 0

    @property
    def sets(self) -> Sequence[FrameSet]:
        """Those that are kept, ascending; only the last one has its screenshot."""
        return self._sets

    def remember(self, frame_set: FrameSet) -> None:
        """Keep a frame set, and forget those that are too old or do not join it."""
        first, last = frame_set.frames[0].frame, frame_set.frames[-1].frame
        if self._sets and first != self._sets[-1].frames[-1].frame + 1:
            self._sets.clear()
            self._changes = 0
        if self._sets:
            self._sets[-1] = replace(self._sets[-1], png=b"")  # Only the last screenshot is ever lent to another set.
        self._changes += frame_set.change_count
        while self._sets and (self._sets[0].frames[-1].frame <= last - FREQ_WINDOW or self._changes > MAX_COUNTED):
            self._changes -= self._sets.popleft().change_count
        self._sets.append(frame_set)
