"""The test game as a game to evaluate on: played by random buttons, its variables found through its pointers."""

from collections.abc import Callable
from functools import partial
from math import floor
from pathlib import Path

from lua.headless.inputs import RandomInputs
from lua.headless.libretro_core import LibretroCore
from tests.evaluation.played import Memories, Target, fixed
from tests.games.build import BuiltGame, build_drift

__all__ = ["DriftGame"]

_CONTEXTS = ("title", "field", "battle", "menu")
"""By the number in the state byte."""

_PLAYING = frozenset({"field", "battle", "menu"})


class DriftGame:
    """The test game.

    Args:
        folder: for its cartridge.

    Raises:
        BuildError: it cannot be built here.
    """

    name = "test game"

    def __init__(self, folder: Path) -> None:
        self._built = built = build_drift()
        self.rom = folder / "drift.gba"
        self.rom.write_bytes(built.rom)
        self.targets = [
            _behind(built, "hull", "s16", "ship", "actor", {"field", "menu"}),
            _behind(built, "fuel", "float32", "ship", "actor", {"field"}, floor),
            _behind(built, "x", "fixed20.12", "ship", "actor", {"field"}, floor),
            _behind(built, "y", "fixed20.12", "ship", "actor", {"field"}, floor),
            _behind(built, "rank", "u8", "ship", "actor", {"field"}, _one_more),
            _behind(built, "lives", "u8", "ship", "actor", {"field"}, _one_more),
            _behind(built, "enemy_shield", "s16", "battle", "battle", {"battle"}),
            _behind(built, "own_hull", "s16", "battle", "battle", {"battle"}),
            _behind(built, "cursor", "u8", "menu", "menu", {"menu"}),
            _global(built, "score_bcd", "bcd32", _PLAYING),
            _global(built, "coins_tenth", "u16", {"field", "menu"}, _ten_times),
            _global(built, "room", "u8", {"field"}, _one_more),
            _global(built, "charge", "s16", {"field"}),
            _global(built, "mode", "u8", set()),
        ]

    def play(self, seed: int, frames: int, after_frame: Callable[[int, Memories, str], None]) -> None:
        """Play by random buttons."""
        core, inputs = LibretroCore(self.rom), RandomInputs(seed)
        memories = Memories(core.memories())
        for frame in range(frames):
            held = inputs.pressed(frame)
            core.run_frame(held)
            after_frame(held, memories, _CONTEXTS[memories.read(self._built.variables["mode"], 1)[0]])
        core.close()


def _global(
    built: BuiltGame, name: str, kind: str, contexts: set[str] | frozenset[str], shown: Callable[[float], float] = float
) -> Target:
    return Target(_name(name), kind, fixed(built.variables[name]), frozenset(contexts), shown)


def _behind(
    built: BuiltGame,
    member: str,
    kind: str,
    pointer: str,
    tag: str,
    contexts: set[str],
    shown: Callable[[float], float] = float,
) -> Target:
    locate = partial(_through, built.variables[pointer], built.offset(tag, member))
    return Target(_name(member), kind, locate, frozenset(contexts), shown)


def _through(pointer: int, offset: int, memories: Memories) -> int | None:
    start = memories.pointer(pointer)
    return None if start is None else start + offset


def _name(variable: str) -> str:
    names = {"score_bcd": "score", "coins_tenth": "coins", "mode": "context", "enemy_shield": "enemy hp"}
    return names.get(variable, variable.replace("_", " "))


def _one_more(value: float) -> float:
    return value + 1


def _ten_times(value: float) -> float:
    return 10 * value
