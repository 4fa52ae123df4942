"""A short tape for tests: a synthetic console whose every part changes, recorded."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lua.headless.picture import from_five_bits
from lua.headless.rom import hash_of
from lua.headless.tape import TAPED_MEMORIES, Moment, write_tape
from protocol.console import GBA
from tests.fakes.consoles import SyntheticCore

__all__ = ["ROM", "moments", "write_short_tape"]

ROM = bytes(range(256)) * 4


def moments(frames: int) -> Iterator[Moment]:
    """Yield a console's moments: words that grow and shrink, buttons, registers, a moving picture."""
    memories = {name: np.zeros(size // 4, "<u4") for name, size in TAPED_MEMORIES.items()}
    memories["IWRAM"][3] = 0xFFFF_FFFF
    registers = dict(SyntheticCore().registers())
    for moment in range(frames + 1):
        if moment:
            memories["IWRAM"][[0, 3]] += np.uint32(moment)
            memories["EWRAM"][-1] = 0x8000_0000 >> moment
            memories["OAM"][moment] = moment
        registers["R15"] = 0x0800_0000 + moment
        colours = np.zeros((GBA.height, GBA.width), np.uint16)
        colours[moment : moment + 10] = moment * 1057 % 32768
        contents = {name: words.tobytes() for name, words in memories.items()}
        yield Moment(moment % 1024, dict(registers), contents, from_five_bits(colours))


def write_short_tape(folder: Path, frames: int = 6) -> tuple[Path, Path]:
    """Write a game and a tape of it; return their paths."""
    rom, tape = folder / "short.gba", folder / "short.tape"
    rom.write_bytes(ROM)
    write_tape(tape, hash_of(ROM), "mGBA of a test", moments(frames))
    return rom, tape
