"""A console with the demo game in it, whose variables are read by name."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Self

import pytest

import resources
from lua.headless.libretro_core import LibretroCore
from protocol.console import GBA
from protocol.errors import CoreError

__all__ = ["DemoConsole"]


class DemoConsole:
    """The demo game, running."""

    def __init__(self) -> None:
        try:
            self._core = LibretroCore(resources.demo_rom())
        except CoreError as error:
            pytest.skip(str(error))
        self._symbols: dict[str, dict[str, Any]] = {
            symbol["name"]: symbol for symbol in json.loads(resources.demo_symbols().read_text(encoding="utf-8"))
        }
        self.frames = 0
        self.observers: list[Callable[[int], None]] = []
        """Called after each frame with the buttons that were held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._core.close()

    @property
    def scenes(self) -> frozenset[str]:
        """All scenes there are."""
        return frozenset(self._symbols["scene"]["values"].values())

    def run(self, frames: int, combination: str = "None") -> None:
        """Run some frames with buttons held."""
        self.run_held(frames, GBA.parse_combination(combination))

    def run_held(self, frames: int, pressed: int) -> None:
        """Run some frames with a bit set of buttons held."""
        for _ in range(frames):
            self._core.run_frame(pressed)
            self.frames += 1
            for observer in self.observers:
                observer(pressed)

    @property
    def core(self) -> LibretroCore:
        """The console's core."""
        return self._core

    @property
    def memories(self) -> Mapping[str, memoryview]:
        """Live views of the console's memories."""
        return self._core.memories()

    def cells(self) -> bytes:
        """The cells of the map that is loaded, row by row: see `stage.h`."""
        return bytes(self._bytes("stage_cells", self.value("stage_columns") * self.value("stage_rows") // 4))

    def value(self, name: str) -> int:
        """The value of a variable."""
        kind = self._symbols[name]["type"]
        return int.from_bytes(self._bytes(name, int(kind[1:]) // 8), "little", signed=kind[0] == "s")

    def named(self, name: str) -> str:
        """The name of an enumeration's value."""
        return str(self._symbols[name]["values"][str(self.value(name))])

    @property
    def scene(self) -> str:
        """The scene the game is in."""
        return self.named("scene")

    def memory(self) -> bytes:
        """All of work memory, EWRAM first."""
        memories = self._core.memories()
        return bytes(memories["EWRAM"]) + bytes(memories["IWRAM"])

    def save_state(self) -> bytes:
        """Return a savestate of the console."""
        return self._core.save_state()

    def load_state(self, state: bytes, frames: int) -> None:
        """Go back to a state that was saved at frame `frames`."""
        self._core.load_state(state)
        self.frames = frames

    def _bytes(self, name: str, size: int) -> memoryview:
        symbol = self._symbols[name]
        base = {"ewram": 0x02000000, "iwram": 0x03000000}[symbol["region"]]
        start = int(symbol["address"], 16) - base
        return self._core.memories()[symbol["region"].upper()][start : start + size]
