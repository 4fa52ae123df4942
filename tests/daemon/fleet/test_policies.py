import pickle
import sys
from pathlib import Path

import pytest

import resources
from daemon.fleet.policies import GameView, PolicyChoice, choose_policy
from lua.headless.inputs import RandomInputs, read_inputs
from lua.headless.tape_core import TapeCore
from protocol.console import GBA
from protocol.errors import FleetError

EXPLORER = """
class Explorer:
    def reset(self, seed):
        self.seed = seed
    def buttons(self, frame, game):
        return ("A+Right", 1, "A+Jump", 4096, None)[(self.seed + frame) % 5]
class Broken:
    def reset(self, seed):
        pass
    def buttons(self, frame, game):
        return 1 // 0
class Half:
    def reset(self, seed):
        pass
"""


@pytest.fixture
def view() -> GameView:
    core = TapeCore(resources.demo_rom(), resources.demo_tape())
    core.run_frame(0)
    return GameView(core)


@pytest.fixture
def players(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module with policies in the current folder; its name."""
    name = f"players_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(EXPLORER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return name


def played(choice: PolicyChoice, seed: int, frames: range, view: GameView) -> list[int]:
    player = choice.player()
    player.reset(seed)
    return [player.buttons(frame, view) for frame in frames]


def test_the_random_player_follows_from_the_seed(view: GameView) -> None:
    frames = range(600)
    inputs = RandomInputs(3)
    assert played(choose_policy("random"), 3, frames, view) == [inputs.pressed(frame) for frame in frames]
    assert played(choose_policy("random"), 4, frames, view) != [inputs.pressed(frame) for frame in frames]


def test_recorded_inputs_come_first_and_then_the_seed(view: GameView, tmp_path: Path) -> None:
    path = tmp_path / "start.inputs"
    path.write_text("10 Start\n14 None\n20 A+Right\n90 None\n", encoding="utf-8")
    choice, recorded = choose_policy("inputs", path), read_inputs(path)
    ones, others = played(choice, 1, range(300), view), played(choice, 2, range(300), view)
    assert ones[:90] == others[:90] == [recorded.pressed(frame) for frame in range(90)]
    assert ones != others
    assert choice.sha256
    assert played(pickle.loads(pickle.dumps(choice)), 1, range(300), view) == ones


def test_a_class_of_ones_own_plays(view: GameView, players: str) -> None:
    choice = choose_policy(f"{players}:Explorer")
    assert played(choice, 0, range(2), view) == [GBA.parse_combination("A+Right"), 1]
    assert choice.sha256 != choose_policy("random").sha256
    assert choice.module is sys.modules[players]


@pytest.mark.parametrize("frame", [2, 3, 4])
def test_buttons_that_there_are_not_are_refused(view: GameView, players: str, frame: int) -> None:
    player = choose_policy(f"{players}:Explorer").player()
    player.reset(0)
    with pytest.raises(FleetError, match=f"at frame {frame}"):
        player.buttons(frame, view)


def test_a_policy_that_raises_is_named(view: GameView, players: str) -> None:
    with pytest.raises(FleetError, match=r":Broken failed at frame 0: ZeroDivisionError"):
        played(choose_policy(f"{players}:Broken"), 0, range(1), view)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("best", "There is no policy"),
        ("no_such_module:Explorer", "cannot be imported"),
        ("PLAYERS:Half", "is no class"),
        ("PLAYERS:missing", "is no class"),
        ("inputs", "--inputs"),
    ],
)
def test_what_is_no_policy_is_refused(players: str, name: str, reason: str) -> None:
    with pytest.raises(FleetError, match=reason):
        choose_policy(name.replace("PLAYERS", players))


def test_a_policy_sees_memory_and_picture(view: GameView) -> None:
    assert view.read(0x0200_0000, 4) == int.from_bytes(view.memories["EWRAM"][:4], "little")
    assert view.read(0x0300_7FFF, 1) == view.memories["IWRAM"][-1]
    assert view.memories["IWRAM"].readonly
    assert view.picture().shape == (160, 240, 3)
    with pytest.raises(FleetError, match="0x0300FFFF"):
        view.read(0x0300_FFFF, 4)
