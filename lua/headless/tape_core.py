"""Console that plays a tape: what a real core did, frame by frame (see `tape.py`).

Memory, registers and pictures are those of the real core, bit for bit, but for the BIOS, which reads as zeros. A tape
can only go forward from the start: other buttons, other games and savestates need a core.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lua.headless.core import MEMORY_SIZES
from lua.headless.rom import hash_of, read_rom
from lua.headless.tape import TAPED_MEMORIES, paint, read_tape
from protocol.errors import CoreError

__all__ = ["TapeCore"]

_NAME_A_CORE = "name an mGBA core"


class TapeCore:
    """A console that plays a tape.

    Args:
        rom: the game file that the tape was recorded from.
        tape: the tape.

    Raises:
        RomError: the game is missing, cannot be read or is not one.
        CoreError: the tape is missing or damaged, or is of another game.
    """

    def __init__(self, rom: Path, tape: Path) -> None:
        content = read_rom(rom)
        self._tape = read_tape(tape)
        self.rom_name = rom.stem
        self.rom_hash = hash_of(content)
        if self.rom_hash != self._tape.head.rom_hash:
            raise CoreError(f"The tape {tape.name} is of another game than {rom.name}: {_NAME_A_CORE}.")
        self.name = f"a tape of {self._tape.head.core}"
        self._words = {name: np.zeros(size // 4, np.dtype("<u4")) for name, size in TAPED_MEMORIES.items()}
        self._views = MappingProxyType(
            {
                **{name: words.data.cast("B").toreadonly() for name, words in self._words.items()},
                "BIOS": memoryview(bytes(MEMORY_SIZES["BIOS"])),
                "ROM": memoryview(content),
            }
        )
        self.reset()

    def run_frame(self, pressed: int) -> None:
        """Show the next frame.

        Raises:
            CoreError: the tape is at its end, or was recorded with other buttons.
        """
        if self._moment == self._tape.head.frames:
            raise CoreError(f"The tape ends after {self._moment:,} frames: to play on, {_NAME_A_CORE}.")
        if pressed != self._tape.pressed[self._moment]:
            raise CoreError(f"A tape takes no other inputs than those it was recorded with: {_NAME_A_CORE}.")
        self._show(self._moment + 1)

    def draw_every(self, frames: int) -> None:
        """Do nothing: a tape has all pictures."""

    def memories(self) -> Mapping[str, memoryview]:
        """Return live views, read-only: a tape does not react to a change."""
        return self._views

    def registers(self) -> Mapping[str, int]:
        """Return the registers of the moment."""
        return self._tape.registers(self._moment)

    def framebuffer(self) -> NDArray[np.uint8]:
        """Paint the picture of the moment."""
        return paint(*self._picture)

    def save_state(self) -> bytes:
        """Refuse.

        Raises:
            CoreError: always.
        """
        raise CoreError(f"A tape has no savestates: {_NAME_A_CORE}.")

    def load_state(self, state: bytes) -> None:  # noqa: ARG002 - a core's signature
        """Refuse.

        Raises:
            CoreError: always.
        """
        self.save_state()

    def reset(self) -> None:
        """Go back to the start of the tape."""
        self._pictures = self._tape.pictures()
        for words in self._words.values():
            words.fill(0)
        self._show(0)

    def close(self) -> None:
        """Do nothing."""

    def _show(self, moment: int) -> None:
        self._moment = moment
        for name, track in self._tape.tracks.items():
            track.change(moment, self._words[name])
        self._picture = next(self._pictures)
