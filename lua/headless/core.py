"""Interface of a console in the stand-in emulator, and two consoles without a core.

`LibretroCore` (`libretro_core.py`) is the real one, `TapeCore` (`tape_core.py`) plays back what a real one did;
`SyntheticCore` is made of nothing but memory, for tests and benches; `NoGame` is what BizHawk runs when no game is
open.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from protocol.console import GBA
from protocol.errors import CoreError

__all__ = ["MEMORY_MAP", "MEMORY_SIZES", "REGISTERS", "Core", "NoGame", "SyntheticCore"]

MEMORY_MAP = {
    **{region.domain: (region.base, region.size) for region in GBA.regions},
    "BIOS": (0x0000_0000, 0x4000),
    "PALRAM": (0x0500_0000, 0x400),
    "VRAM": (0x0600_0000, 0x18000),
    "OAM": (0x0700_0000, 0x400),
    "SRAM": (0x0E00_0000, 0x20000),
}
"""Bus address and size in bytes of the console's memories (GBATEK, memory map), without ROM and IO."""

MEMORY_SIZES = {name: size for name, (_, size) in MEMORY_MAP.items()}
"""Sizes of these memories in bytes."""

REGISTERS = (*(f"R{number}" for number in range(16)), "CPSR", "SPSR")
"""Names of the processor's registers."""


class Core(Protocol):
    """A running console with a game in it."""

    @property
    def name(self) -> str:
        """Name and version of what plays, for people."""
        ...

    @property
    def rom_name(self) -> str:
        """The game file's name without its ending."""
        ...

    @property
    def rom_hash(self) -> str:
        """SHA-1 of the game file, upper-case hex; empty without a game."""
        ...

    def run_frame(self, pressed: int) -> None:
        """Run one frame with these buttons held (bit set in the order of `GBA.buttons`)."""
        ...

    def memories(self) -> Mapping[str, memoryview]:
        """Return live views by name: those of `MEMORY_SIZES`, `ROM`, and `IO` where the core shows it.

        They are writable unless the core takes no changes, and valid until the next `reset`, never after `close`.
        """
        ...

    def registers(self) -> Mapping[str, int]:
        """Return the processor's registers by the names in `REGISTERS`, as unsigned 32-bit numbers.

        `R15` is the program counter as the processor's pipeline has it, ahead of the instruction being executed.

        Raises:
            CoreError: this core does not show them.
        """
        ...

    def framebuffer(self) -> NDArray[np.uint8]:
        """Return the picture of the last frame, shape (160, 240, 3), RGB."""
        ...

    def save_state(self) -> bytes:
        """Serialise the whole console."""
        ...

    def load_state(self, state: bytes) -> None:
        """Take the console back to where `save_state` was called."""
        ...

    def reset(self) -> None:
        """Switch the console off and on."""
        ...

    def close(self) -> None:
        """Free everything. Closing twice does nothing."""
        ...


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
