"""Recordings of the demo game, with each frame set's context labelled as the game itself tells it."""

import json
from collections.abc import Callable
from pathlib import Path

import resources
from daemon.headless.recorder import HeadlessRecorder, RecorderOptions
from lua.headless.inputs import read_inputs
from protocol.session.annotations import Annotations, annotations_json
from protocol.session.layout import session_folder
from protocol.session.reader import SessionReader, open_session
from tests.evaluation.demo_player import DemoPlayer
from tests.resources.demo.console import DemoConsole

__all__ = ["ROOT", "record_player", "record_tour", "write_goal"]

ROOT = Path(__file__).parents[2]

_FRAMES_A_SET = 5
_CHANGING = "transition"
"""Scene of the game while one context turns into another: a person labels neither."""


def record_tour(data_folder: Path, name: str, frames: int) -> SessionReader:
    """Record the demo game's tour."""
    inputs = read_inputs(resources.demo_tour())

    def play(console: DemoConsole) -> None:
        for frame in range(frames):
            console.run_held(1, inputs.pressed(frame))

    return _record(data_folder, name, play)


def record_player(data_folder: Path, name: str, seed: int, frames: int) -> SessionReader:
    """Record somebody who fights, shops, talks and looks into menus, by seeded chance."""
    return _record(data_folder, name, lambda console: DemoPlayer(console, seed).play(frames))


def _record(data_folder: Path, name: str, play: Callable[[DemoConsole], None]) -> SessionReader:
    scenes = list[str]()
    with (
        DemoConsole() as console,
        HeadlessRecorder(data_folder, console.core, RecorderOptions(session_name=name)) as recorder,
    ):
        console.observers += [recorder.record, lambda _held: scenes.append(console.scene)]
        play(console)
    folder = session_folder(data_folder, name)
    session = open_session(folder.path)
    for number in session.frame_set_ids():
        seen = set(scenes[number * _FRAMES_A_SET : (number + 1) * _FRAMES_A_SET])
        if len(seen) == 1 and seen != {_CHANGING}:
            folder.annotations(number).write_bytes(annotations_json(Annotations(context=seen.pop())))
    return session


def write_goal(folder: Path) -> Path:
    """Write a goal of the demo game for `--goal`: money and experience are gained, a lost battle ends an episode."""
    goal = {"reward": "money.delta + party[0].experience.delta * 2", "done": "party[0].hp == 0"}
    path = folder / "goal.json"
    path.write_text(json.dumps(goal), encoding="utf-8")
    return path
