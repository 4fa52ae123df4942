"""Interface of a console in the stand-in emulator, its memory map and registers.

`LibretroCore` (`libretro_core.py`) is the real one, `TapeCore` (`tape_core.py`) plays back what a real one did.
"""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from protocol.console import GBA

__all__ = ["MEMORY_MAP", "MEMORY_SIZES", "MOST_DRAWN_APART", "REGISTERS", "Core"]

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

MOST_DRAWN_APART = 11
"""Frames of which at least one is drawn, at most: mGBA's option skips ten."""

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

    def draw_every(self, frames: int) -> None:
        """Draw the next frame, and from then on at least one of so many.

        In between `framebuffer` may stay as it was; the game goes the same way. To be called before the first frame.

        Args:
            frames: 1 to `MOST_DRAWN_APART`.
        """
        ...

    def memories(self) -> Mapping[str, memoryview]:
        """Return live views by name: those of `MEMORY_SIZES`, `ROM`, and `IO` where it is shown.

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
