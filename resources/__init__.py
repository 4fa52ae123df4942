"""Data that ships with gbatrace, and its paths: game configs, label sets, the demo game.

These are plain files in this package's own folder; other packages ask for their paths here and never spell them out.
`game_config` and `label_set` are the formats of two of them, `config_files` reads them and a person's own.
"""

from importlib.resources import files
from pathlib import Path

__all__ = [
    "DEMO_FRAMES",
    "demo_rom",
    "demo_symbols",
    "demo_tape",
    "demo_tour",
    "event_logger",
    "game_configs",
    "key_bindings",
    "label_sets",
]

DEMO_FRAMES = 5_400
"""Frames of the tour, from the title screen back to it: 90 seconds, and a whole number of frame sets."""

_HERE = Path(__file__).resolve().parent


def demo_rom() -> Path:
    """Return the path of the demo game's cartridge, `gbatrace-demo.gba`."""
    return _HERE / "demo" / "gbatrace-demo.gba"


def demo_symbols() -> Path:
    """Return the path of the demo game's variables, JSON; `demo/pack/symbols.py` has its keys."""
    return _HERE / "demo" / "symbols.json"


def demo_tape() -> Path:
    """Return the path of the tour as a real core played it; see `lua/headless/tape.py`."""
    return _HERE / "demo" / "tour.tape"


def demo_tour() -> Path:
    """Return the path of inputs that visit every scene of the demo game in 90 seconds."""
    return _HERE / "demo" / "tour.inputs"


def event_logger() -> Path:
    """Return the path of the Lua script that BizHawk runs, `event_logger.lua`."""
    return Path(str(files("lua") / "event_logger.lua"))


def game_configs() -> Path:
    """Return the folder of game configs, one JSON file per game."""
    return _HERE / "game_configs"


def key_bindings() -> Path:
    """Return the path of the live page's keys: JSON, keys by the name of what they do."""
    return _HERE / "keys" / "default.json"


def label_sets() -> Path:
    """Return the folder of label sets, one JSON file per set of options."""
    return _HERE / "label_sets"
