"""Build of the test game with the demo game's compiler: its cartridge, and where its variables lie."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from resources.demo.build import HERE, link_game
from resources.demo.pack.dwarf import Structure, read_structures, read_variables
from resources.demo.pack.header import finish_cartridge

__all__ = ["BuiltGame", "build_drift"]

_SOURCE = Path(__file__).parent / "drift"
_SHARED = (HERE / "src" / "crt0.s", HERE / "src" / "memory.c")
"""Start code and the functions that the compiler calls by itself."""


@dataclass(frozen=True)
class BuiltGame:
    """A cartridge and where its variables lie.

    Args:
        rom: the cartridge.
        variables: address of each global variable, by name.
        structures: by tag, for what lies on the heap or the stack behind a pointer.
    """

    rom: bytes
    variables: Mapping[str, int]
    structures: Mapping[str, Structure]

    def offset(self, tag: str, member: str) -> int:
        """Return the offset of a structure's member in bytes."""
        return next(offset for name, offset, _ in self.structures[tag].members if name == member)


def build_drift() -> BuiltGame:
    """Build the test game.

    Raises:
        BuildError: the compiler is missing or refuses the source.
    """
    with tempfile.TemporaryDirectory(prefix="gbatrace-drift-") as folder:
        program, image = link_game([*sorted(_SOURCE.glob("*.c")), *_SHARED], Path(folder))
    variables = {variable.name: variable.address for variable in read_variables(program)}
    return BuiltGame(finish_cartridge(image, "DRIFT", "GTRD", "GT"), variables, read_structures(program))
