"""Consoles without a core: one that is only memory, and BizHawk's without a game."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from lua.headless.core import MEMORY_SIZES, REGISTERS
from protocol.console import GBA
from protocol.errors import CoreError

__all__ = ["NoGame", "SyntheticCore"]


class SyntheticCore:
    """A console made of nothing but memory.

    Args:
        step: called for each frame with this core and the buttons held; changes memory and picture as it likes.
        rom: the game, for the `ROM` memory.
        rom_name: the game's name.
        rom_hash: the game's hash.
    """

    def __init__(
        self,
        step: Callable[["SyntheticCore", int], None] | None = None,
        *,
        rom: bytes = bytes(0x400),
        rom_name: str = "synthetic",
        rom_hash: str = "0" * 40,
    ) -> None:
        self.name = "synthetic"
        self.rom_name = rom_name
        self.rom_hash = rom_hash
        self.picture = np.zeros((GBA.height, GBA.width, 3), dtype=np.uint8)
        self.pc = 0x0800_0000
        self.closed = False
        self._step = step
        self._memories = {name: memoryview(bytearray(size)) for name, size in MEMORY_SIZES.items()}
        self._memories["ROM"] = memoryview(bytearray(rom))

    def run_frame(self, pressed: int) -> None:
        """Call `step`."""
        if self._step:
            self._step(self, pressed)

    def draw_every(self, frames: int) -> None:
        """Do nothing."""

    def memories(self) -> Mapping[str, memoryview]:
        """Return the memories."""
        return self._memories

    def registers(self) -> Mapping[str, int]:
        """Return zeros, and `pc` as the program counter."""
        return dict.fromkeys(REGISTERS, 0) | {GBA.pc_register: self.pc}

    def framebuffer(self) -> NDArray[np.uint8]:
        """Return `picture`."""
        return self.picture

    def save_state(self) -> bytes:
        """Join all memories but the ROM."""
        return b"".join(bytes(self._memories[name]) for name in MEMORY_SIZES)

    def load_state(self, state: bytes) -> None:
        """Fill all memories but the ROM."""
        start = 0
        for name, size in MEMORY_SIZES.items():
            self._memories[name][:] = state[start : start + size]
            start += size

    def reset(self) -> None:
        """Clear all memories but the ROM."""
        self.load_state(bytes(sum(MEMORY_SIZES.values())))

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class NoGame:
    """Console that BizHawk runs while no game is open: without memory and registers."""

    name = "no core"
    rom_name = ""
    rom_hash = ""

    def run_frame(self, pressed: int) -> None:
        """Do nothing."""

    def draw_every(self, frames: int) -> None:
        """Do nothing."""

    def memories(self) -> Mapping[str, memoryview]:
        """Return no memories."""
        return {}

    def registers(self) -> Mapping[str, int]:
        """Refuse: there is no processor."""
        raise CoreError("There is no game, so there is no processor.")

    def framebuffer(self) -> NDArray[np.uint8]:
        """Return a black picture."""
        return np.zeros((GBA.height, GBA.width, 3), dtype=np.uint8)

    def save_state(self) -> bytes:
        """Return nothing."""
        return b""

    def load_state(self, state: bytes) -> None:
        """Do nothing."""

    def reset(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
