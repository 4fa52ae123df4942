"""Combinations of buttons as bits and as columns. Pure."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from protocol.console import GBA

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

    def flags(self, held: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Spread bit sets of any shape to a column for each button, shape (..., buttons)."""
        places = np.arange(len(self.names), dtype=np.uint32)
        return (held[..., None] >> places & np.uint32(1)).astype(bool)

    def combination(self, bits: int) -> str:
        """Return the combination of a bit set, its buttons joined by `+`; empty for none."""
        return "+".join(name for place, name in enumerate(self.names) if bits >> place & 1)
