"""Combinations of buttons as bits and as columns. Pure."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from protocol.console import GBA
from protocol.session.frame_set import FrameSet

__all__ = ["Buttons"]


class Buttons:
    """The buttons of a dataset and their places.

    Args:
        named: the button names that each session's metadata gives; where that is nothing, the console's are meant.
    """

    def __init__(self, named: Iterable[Sequence[str]] = ()) -> None:
        every = [*GBA.buttons, *(name for names in named for name in names)]
        self.names = tuple(dict.fromkeys(every))
        self.unknown: set[str] = set()
        """Names in frames that the dataset has no column for."""
        self._places = {name: place for place, name in enumerate(self.names)}
        self._bits: dict[str, int] = {"": 0}

    def bits(self, combination: str) -> int:
        """Return a combination as a bit set: bit *i* is `names[i]`."""
        known = self._bits.get(combination)
        if known is not None:
            return known
        held = combination.split("+")
        self.unknown.update(name for name in held if name not in self._places)
        bits = sum({1 << self._places[name] for name in held if name in self._places})
        self._bits[combination] = bits
        return bits

    def held(self, sets: Sequence[FrameSet], frames: int) -> NDArray[np.bool_]:
        """Return the buttons held at each frame of each set.

        Args:
            sets: n frame sets.
            frames: how many frames of each; a set with fewer repeats its last, of one with more the last are dropped.

        Returns:
            Shape (n, frames, buttons).
        """
        rows = [[self.bits(frame.current_keys) for frame in item.frames[:frames]] for item in sets]
        bits = np.array([row + row[-1:] * (frames - len(row)) for row in rows], np.uint64).reshape(len(sets), frames)
        return (bits[..., None] >> np.arange(len(self.names), dtype=np.uint64) & np.uint64(1)).astype(bool)
