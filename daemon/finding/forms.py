"""Forms of a variable: stored values against the numbers that a game shows. Pure.

Counting begins with 0 in memory and with 1 on the screen, scores are shown with a nought or two at the end. How bytes
become a number, BCD and fixed point among them, is the value type's part.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Form"]

_Stored = TypeVar("_Stored", int, float, NDArray[np.float64])


class Form(StrEnum):
    """Relation of the number on the screen to the stored one."""

    EQUAL = "="
    PLUS_ONE = "+1"
    """The screen shows one more than is stored."""
    MINUS_ONE = "-1"
    TIMES_TEN = "x10"
    """The screen shows ten times what is stored."""
    TIMES_HUNDRED = "x100"

    def shown(self, stored: _Stored) -> _Stored:
        """Return the number on the screen for a stored one, or several."""
        factor, more = _STEPS[self]
        shown: _Stored = factor * stored + more
        return shown

    def stored(self, shown: float) -> float:
        """Return the stored number for one on the screen; a fraction where no whole one is shown so."""
        factor, more = _STEPS[self]
        return (shown - more) / factor


_STEPS: MappingProxyType[Form, tuple[int, int]] = MappingProxyType(
    {
        Form.EQUAL: (1, 0),
        Form.PLUS_ONE: (1, 1),
        Form.MINUS_ONE: (1, -1),
        Form.TIMES_TEN: (10, 0),
        Form.TIMES_HUNDRED: (100, 0),
    }
)
"""Factor, and what is added."""
