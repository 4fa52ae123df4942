"""Scores of bytes as states before any label: the stack and pieces of pointers behind. Pure.

A game that runs another function in each scene leaves its return address on the stack, so a byte of the stack tells
the scene too, for as long as that function runs. It is seldom what a person wants to know. A state may be a pointer
(some games keep the function of a scene in a variable), so nothing is ruled out.
"""

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.finding.byte_columns import UNKNOWN, bytes_at
from protocol.changes import I64, Bools
from protocol.regions import WORD_BYTES

__all__ = ["state_priors"]

_POINTER = 2.0
"""Nats that a byte costs whose word mostly holds an address of the console."""

_STACK = 3.0
"""Nats that a byte of the stack costs."""

_STACK_FIRST, _STACK_LAST = 0x0300_7C00, 0x0300_7FFF
"""Addresses of the stack on a GBA: its BIOS lets the stacks begin at 03007F00 and above, downwards (GBATEK)."""

_MOSTLY = 0.8
"""Share of moments at which a word must hold an address."""

_MOMENTS = 24


def state_priors(history: History, positions: I64, places: I64) -> NDArray[np.float64]:
    """Score bytes before any label, shape (c,).

    Args:
        history: the recording.
        positions: byte offsets in memory images, ascending, shape (c,).
        places: some moments of the timeline, ascending and at least one.
    """
    addresses = history.addresses()[positions]
    is_stack = (addresses >= _STACK_FIRST) & (addresses <= _STACK_LAST)
    moments = places[:: 1 + len(places) // _MOMENTS]
    words = positions // WORD_BYTES * WORD_BYTES
    low, middle, high = (bytes_at(history, words + place, moments) for place in range(1, WORD_BYTES))
    is_pointer = _is_pointer(low, middle, high).mean(1) >= _MOSTLY
    return np.asarray(-_POINTER * is_pointer - _STACK * is_stack, np.float64)


def _is_pointer(low: NDArray[np.int16], middle: NDArray[np.int16], high: NDArray[np.int16]) -> Bools:
    """Return where words are addresses of EWRAM, IWRAM or the cartridge, by bytes 1 to 3."""
    in_ewram = (high == 0x02) & (middle < 0x04)  # 256 KiB
    in_iwram = (high == 0x03) & (middle == 0) & (low < 0x80)  # 32 KiB
    found: Bools = in_ewram | in_iwram | ((high == 0x08) | (high == 0x09)) & (middle != UNKNOWN)
    return found
