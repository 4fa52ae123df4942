"""Recordings of the demo game by the stand-in emulator, with the contexts labelled as its own variable tells them."""

import json
import subprocess
import sys
from pathlib import Path

import gbatrace
import resources
from protocol.session.annotations import Annotations, annotations_json
from protocol.session.layout import session_folder
from protocol.session.reader import SessionReader, open_session

__all__ = ["ROOT", "record_inputs", "write_goal"]

ROOT = Path(__file__).parents[2]

_CHANGING = "transition"
"""Scene of the game while one context turns into another: a person labels neither."""


def record_inputs(data_folder: Path, name: str, inputs: Path, frames: int) -> SessionReader:
    """Record the demo game with inputs from a file, and label each frame set's context."""
    options = ("--rom", resources.demo_rom(), "--inputs", inputs, "--data", data_folder, "--session-name", name)
    command = [sys.executable, "-m", "daemon", "record", *map(str, options), "--frames", str(frames)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    folder = session_folder(data_folder, name)
    contexts = _contexts()
    scenes = gbatrace.open(folder.path).values("scene")
    for number, scene in zip(scenes.sets.tolist(), scenes.at_each_set().tolist(), strict=True):
        if context := contexts.get(scene):
            folder.annotations(number).write_bytes(annotations_json(Annotations(context=context)))
    return open_session(folder.path)


def _contexts() -> dict[float, str]:
    """Return the contexts by the value of the game's variable."""
    symbols = json.loads(resources.demo_symbols().read_text(encoding="utf-8"))
    (values,) = (symbol["values"] for symbol in symbols if symbol["name"] == "scene")
    return {float(value): context for value, context in values.items() if context != _CHANGING}


def write_goal(folder: Path) -> Path:
    """Write a goal of the demo game for `--goal`: money and experience are gained, a lost battle ends an episode."""
    goal = {"reward": "money.delta + party[0].experience.delta * 2", "done": "party[0].hp == 0"}
    path = folder / "goal.json"
    path.write_text(json.dumps(goal), encoding="utf-8")
    return path
