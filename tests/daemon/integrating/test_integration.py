"""An integration that plays in stable-retro as the goal says it."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import resources
from daemon.environment.variables import VariableReader
from daemon.goals.goals import parse_goal
from daemon.goals.scorer import GoalScorer
from daemon.integrating.integration import IntegrationOptions, write_integration
from daemon.names.book_files import session_book
from daemon.replaying.branch import Moment
from lua.headless.console_choice import open_console
from lua.headless.inputs import RandomInputs
from protocol.console import GBA
from protocol.errors import ExportError
from protocol.session.origin import Parent
from protocol.session.reader import stored_session

GOAL = {
    "reward": "keys_held.delta * 2 + max(keyboard_row.delta, 0) - 3 * (keys_pressed == 8) + repeat_timer.delta / 8",
    "done": "(keys_held == 1 or keys_held > 30) and (rng_state != 0 or not keyboard_row > 3)",
    "reset_on": "scene title",
}
WATCHED = ("keys_held", "keyboard_row", "repeat_timer")
STEPS = 240

PLAY = """
import json, sys
import numpy as np
import stable_retro as retro

folder, game, held, watched = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), json.loads(sys.argv[4])
retro.data.Integrations.add_custom_path(folder)
only = retro.data.Integrations.CUSTOM_ONLY
assert retro.data.list_games(only) == [game]
env = retro.make(game, inttype=only, use_restricted_actions=retro.Actions.ALL, render_mode="rgb_array")
env.reset()
steps = []
for names in held:
    action = np.array([name in names for name in env.buttons], np.int8)
    _, reward, done, _, info = env.step(action)
    steps.append([float(reward), bool(done), [int(info[name]) for name in watched]])
print(json.dumps(steps))
"""


def written(data_folder: Path, output: Path, goal: dict[str, str], **options: Any) -> Path:
    file = output.parent / "goal.json"
    file.write_text(json.dumps(goal), "utf-8")
    asked = IntegrationOptions(session="play", at=20, output=output, goal=file, copies_rom=True, **options)
    return write_integration(data_folder, asked).folder


def test_it_plays_in_stable_retro_with_our_reward_and_end(played: Path, tmp_path: Path, mgba: Path) -> None:
    pytest.importorskip("stable_retro")
    folder = written(played, tmp_path / "games", GOAL)
    assert folder.name == "GbatraceDemo-GbAdvance-v0"
    inputs = RandomInputs(7)
    held = [inputs.pressed(frame) for frame in range(STEPS)]
    buttons = [GBA.combination(pressed).upper().split("+") for pressed in held]
    words = str(tmp_path / "games"), folder.name, json.dumps(buttons), json.dumps(WATCHED)
    command = [sys.executable, "-c", PLAY, *words]
    there = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)

    core = open_console(resources.demo_rom(), mgba, None, lambda _line: None)
    names = session_book(played, stored_session(played, "play"))
    goal = parse_goal(GOAL, [name.name for name in names.names], "a test")
    core.load_state(gzip.decompress((folder / "Start.state").read_bytes()))
    judged = VariableReader([names.get(name) for name in goal.names], core.memories())
    watched = VariableReader([names.get(name) for name in WATCHED], core.memories())
    scorer = GoalScorer(goal)
    core.run_frame(0)  # As stable-retro does in `reset`.
    scorer.begin(judged.values())
    expected = []
    for pressed in held:
        core.run_frame(pressed)
        reward, done = scorer.step(judged.values())
        expected.append([reward, done, watched.values().astype(int).tolist()])
    core.close()
    found = json.loads(there.stdout)
    assert [step[1:] for step in found] == [step[1:] for step in expected]
    assert np.allclose([step[0] for step in found], [step[0] for step in expected], atol=1e-5)
    assert len({step[0] for step in found}) > 5
    assert {step[1] for step in found} == {True, False}


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment that nobody plays up to."""
    found = Moment(b"a state", 105, resources.demo_rom(), Parent("play", "", 20))
    monkeypatch.setattr("daemon.integrating.integration.moment_state", lambda *_: found)


@pytest.mark.usefixtures("moment")
def test_its_files_are_those_of_an_integration(played: Path, tmp_path: Path) -> None:
    folder = written(played, tmp_path / "games", GOAL, name="Fernlight", state="Meadow")
    assert folder.name == "Fernlight-GbAdvance-v0"
    assert {path.name for path in folder.iterdir()} == {
        "Meadow.state",
        "data.json",
        "metadata.json",
        "rom.gba",
        "rom.sha",
        "scenario.json",
    }
    assert gzip.decompress((folder / "Meadow.state").read_bytes()) == b"a state"
    assert json.loads((folder / "metadata.json").read_bytes()) == {"default_state": "Meadow"}
    assert (folder / "rom.sha").read_text("utf-8") == "d05d40674c30ebeb4f2ade7b788558ad6915fc17\n"
    info = json.loads((folder / "data.json").read_bytes())["info"]
    assert info["party_0_hp"]["address"] == 0x0200_05F4
    with pytest.raises(ExportError, match="is there already"):
        written(played, tmp_path / "games", GOAL, name="Fernlight")


def test_a_goal_that_a_scenario_cannot_say_leaves_nothing(played: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot say 'keys_held \\* keyboard_row'"):
        written(played, tmp_path / "games", {"reward": "keys_held * keyboard_row"})
    assert not (tmp_path / "games").exists()


@pytest.mark.parametrize("names", [{"name": "../Fernlight"}, {"state": "a/b"}])
def test_a_name_that_no_file_can_have_is_refused(played: Path, tmp_path: Path, names: dict[str, str]) -> None:
    with pytest.raises(ExportError, match="cannot be the name of a game or a start there"):
        written(played, tmp_path / "games", GOAL, **names)
    assert not (tmp_path / "games").exists()


@pytest.mark.usefixtures("moment")
def test_a_game_without_a_goal_and_without_its_rom_is_told(played: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(played, data)
    (data / "game_configs").mkdir()
    (data / "game_configs" / "gbatrace_demo.json").write_text('{"game": "Fernlight"}', encoding="utf-8")
    outcome = write_integration(data, IntegrationOptions(session="play", at=20, output=tmp_path / "games"))
    assert json.loads((outcome.folder / "scenario.json").read_bytes()) == {}
    assert not (outcome.folder / "rom.gba").exists()
    assert "No goal is declared" in outcome.notes[-2]
    assert "--with-rom" in outcome.notes[-1]
