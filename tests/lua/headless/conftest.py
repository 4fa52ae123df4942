"""Emulators for the tests: with a synthetic console unless the real one is the point."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lua.headless.core import Core
from lua.headless.emulator import Emulator
from lua.headless.inputs import Inputs
from lua.headless.libretro_core import LibretroCore
from tests.fakes.consoles import SyntheticCore
from tests.lua.headless.peer import Peer
from tests.lua.headless.tiny_game import write_tiny_game

StartScript = Callable[..., Emulator]
"""`start(text, core=…, link=…, flavour=…, …)` writes a script, starts an emulator with it, and gives the emulator."""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartScript]:
    """Starts emulators; closes them at the end."""
    emulators: list[Emulator] = []

    def start_script(text: str, core: Core | None = None, inputs: Inputs | None = None, **options: object) -> Emulator:
        script = tmp_path / f"script{len(emulators)}.lua"
        script.write_text(text, encoding="utf-8", newline="\n")
        emulator = Emulator(core or SyntheticCore(), inputs=inputs, **options)  # type: ignore[arg-type]
        emulators.append(emulator)
        emulator.start_script(script)
        return emulator

    yield start_script
    for emulator in emulators:
        emulator.close()


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A daemon's end of the wire."""
    with Peer() as listening:
        yield listening


@pytest.fixture
def console(mgba: Path, tmp_path: Path) -> Iterator[LibretroCore]:
    """A real console with the tiny game in it."""
    core = LibretroCore(write_tiny_game(tmp_path), mgba)
    yield core
    core.close()
