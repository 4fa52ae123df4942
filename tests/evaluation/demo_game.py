"""The demo game as a game to evaluate on: its player, and its variables out of its symbol list."""

import json
from collections.abc import Callable
from typing import Any

import resources
from tests.evaluation.demo_player import DemoPlayer
from tests.evaluation.played import Memories, Target, fixed
from tests.resources.demo.console import DemoConsole

__all__ = ["DemoGame"]

_CHANGING = "transition"
_NAMES = {
    "hp": "party[0].hp",
    "enemy hp": "battle.foe.hp",
    "money": "money",
    "experience": "party[0].experience",
    "level": "party[0].level",
    "lights": "lights",
    "x": "player.x",
    "y": "player.y",
    "column": "player.column",
    "row": "player.row",
    "bag count": "bag[0].count",
    "context": "scene",
}
_CONTEXTS = {
    "hp": {"battle", "status_screen"},
    "enemy hp": {"battle"},
    "x": {"overworld"},
    "y": {"overworld"},
    "column": {"overworld"},
    "row": {"overworld"},
}


class DemoGame:
    """The demo game, played by `DemoPlayer`."""

    name = "demo game"

    def __init__(self) -> None:
        self.rom = resources.demo_rom()
        rows = json.loads(resources.demo_symbols().read_text(encoding="utf-8"))
        symbols = {row["name"]: row for row in rows}
        self.targets = [_target(name, symbols[symbol]) for name, symbol in _NAMES.items()]

    def play(self, seed: int, frames: int, after_frame: Callable[[int, Memories, str], None]) -> None:
        """Play by seeded chance."""
        with DemoConsole() as console:
            memories = Memories(console.memories)

            def observe(held: int) -> None:
                scene = console.scene
                after_frame(held, memories, "" if scene == _CHANGING else scene)

            console.observers.append(observe)
            DemoPlayer(console, seed).play(frames)


def _target(name: str, symbol: dict[str, Any]) -> Target:
    contexts = frozenset(_CONTEXTS.get(name, ()))
    return Target(name, symbol["type"], fixed(int(symbol["address"], 16)), contexts)
