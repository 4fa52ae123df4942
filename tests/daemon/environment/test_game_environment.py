"""The demo game as an environment of Gymnasium, in a real core."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import gbatrace
import resources
from daemon.environment.game_environment import GameEnvironment
from daemon.goals.goals import GoalJudge, parse_goal
from daemon.verifying.verify import verify_session
from lua.headless.inputs import read_inputs
from protocol.console import GBA
from protocol.errors import DataFolderError, SettingsError, UserError
from protocol.session.reader import open_session
from protocol.session.screenshots import pixels

pytestmark = pytest.mark.usefixtures("mgba")

NAMES = ("scene", "frame_counter", "keys_held")


@pytest.fixture(scope="module")
def environment() -> Iterator[GameEnvironment]:
    """One with pictures and variables."""
    made = gbatrace.make_env(observe="picture+variables", names=NAMES, render_mode="rgb_array")
    yield made
    made.close()


@pytest.mark.parametrize(
    "options",
    [
        {"observe": "variables", "actions": "buttons"},
        {"observe": "variables", "actions": "discrete", "frame_skip": 1},
        {"observe": "memory", "actions": "frames"},
        {"observe": "picture", "actions": "combinations", "combinations": ["None", "A", "A+Up"]},
        {"observe": "picture+variables", "actions": "buttons"},
        {"observe": "picture+memory+variables", "actions": "frames", "frame_skip": 3},
    ],
    ids=lambda options: f"{options['observe']}-{options['actions']}",
)
def test_gymnasiums_own_checker_has_nothing_to_say(options: dict[str, Any]) -> None:
    made = gbatrace.make_env(**options)
    check_env(made)
    made.close()
    made.close()


def played(environment: gymnasium.Env[Any, Any], seed: int, steps: int = 60) -> list[Any]:
    environment.action_space.seed(seed)
    seen = [environment.reset(seed=seed)[0]]
    seen += [environment.step(environment.action_space.sample())[0] for _ in range(steps)]
    return seen


def test_the_same_seed_gives_the_same_play(environment: GameEnvironment) -> None:
    first, second, other = (played(environment, seed) for seed in (3, 3, 4))
    assert all((a["variables"] == b["variables"]).all() for a, b in zip(first, second, strict=True))
    assert all((a["picture"] == b["picture"]).all() for a, b in zip(first, second, strict=True))
    assert any((a["variables"] != b["variables"]).any() for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("frame_skip", [4, 5, 13])
def test_a_picture_is_that_of_the_last_frame_of_its_step(frame_skip: int) -> None:
    fast = gbatrace.make_env(observe="picture", actions="discrete", frame_skip=frame_skip)
    slow = gbatrace.make_env(observe="picture", actions="discrete", frame_skip=1)
    for _ in range(2):
        fast.reset()
        slow.reset()
        for step in range(120 // frame_skip):
            button = step % 11
            expected = [slow.step(button)[0] for _ in range(frame_skip)][-1]
            assert (fast.step(button)[0] == expected).all(), step
    fast.close()
    slow.close()


def test_buttons_reach_the_game(environment: GameEnvironment) -> None:
    environment.reset()
    for _ in range(30):
        environment.step(np.zeros(10, np.int8))
    held = np.zeros(10, np.int8)
    held[4] = 1
    seen, *_, info = environment.step(held)
    assert environment.names == NAMES
    assert seen["variables"][2] == 1 << 4
    assert info == {"frame": 155, "start": "power-on"}
    assert (environment.render() == seen["picture"]).all()


def test_reward_and_end_are_those_of_the_goal() -> None:
    goal = {"reward": "frame_counter.delta * 2", "done": "frame_counter > 30"}
    made = gbatrace.make_env(names=["frame_counter"], actions="discrete", goal=goal)
    first, _ = made.reset()
    steps = [made.step(0)]
    while not steps[-1][2]:
        steps.append(made.step(0))
    values = np.array([first, *(step[0] for step in steps)])
    judged = GoalJudge(parse_goal(goal, ["frame_counter"], "x")).judge(values, [0] * len(values), [None] * len(values))
    assert [step[1] for step in steps] == judged.rewards[1:].tolist()
    assert [step[2] for step in steps] == judged.dones[1:].tolist()
    assert sum(step[1] for step in steps) > 60
    made.close()


def test_the_demo_game_has_a_goal_of_its_own() -> None:
    made = gbatrace.make_env(names=["lights"], actions="frames")
    made.reset()
    tour = read_inputs(resources.demo_tour())
    gained = 0.0
    for first in range(0, 1_000, 5):  # Until the elder has given the first light.
        held = [[tour.pressed(first + frame) >> place & 1 for place in range(10)] for frame in range(5)]
        gained += made.step(np.array(held, np.int8))[1]
    made.close()
    assert gained == 100


def test_an_episode_is_truncated() -> None:
    made = gbatrace.make_env(max_steps=3, actions="discrete")
    with pytest.raises(gymnasium.error.ResetNeeded):
        made.step(0)
    for _ in range(2):
        made.reset()
        assert [made.step(0)[3] for _ in range(3)] == [False, False, True]
    made.close()


@pytest.mark.parametrize(
    ("actions", "wrong"),
    [
        ("discrete", [-1, 11, 1.5, "0", None]),
        ("buttons", [np.full(10, 2), np.zeros(9), np.full(10, 0.7), None]),
        ("frames", [np.zeros((4, 10)), np.zeros((6, 10)), np.zeros(10)]),
    ],
)
def test_an_action_of_another_space_is_refused(actions: str, wrong: list[Any]) -> None:
    made = gbatrace.make_env(actions=actions)
    made.reset()
    for action in wrong:
        with pytest.raises(gymnasium.error.InvalidAction):
            made.step(action)
    assert made.step(made.action_space.sample())[4]["frame"] == 5
    made.close()


def test_a_closed_environment_is_refused() -> None:
    made = gbatrace.make_env(observe="memory", actions="discrete")
    made.reset()
    made.close()
    with pytest.raises(gymnasium.error.ClosedEnvironmentError):
        made.step(0)
    with pytest.raises(gymnasium.error.ClosedEnvironmentError):
        made.reset()


def test_a_folder_that_cannot_be_one_is_refused_when_the_environment_is_made(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(DataFolderError, match="cannot be written"):
        gbatrace.make_env(record_to=file)


def test_episodes_begin_at_moments_of_a_session(recorded: Path) -> None:
    starts = ["power-on", f"{recorded}@60", f"{recorded}@100"]
    made = gbatrace.make_env(observe="picture+memory", starts=starts, actions="frames")
    reader = open_session(recorded)
    begun = {made.reset(seed=seed)[1]["start"] for seed in range(12)}
    assert begun == set(starts)
    seen, info = made.reset(options={"start": 2})
    assert info == {"frame": 0, "start": starts[2]}
    assert (seen["picture"] == pixels(reader.screenshot(100))).all()
    for number in range(101, 110):
        pressed = [set(frame.current_keys.split("+")) for frame in reader.frame_set(number).frames]
        held = [[int(name in buttons) for name in GBA.buttons] for buttons in pressed]
        seen, *_ = made.step(np.array(held, np.int8))
        assert (seen["picture"] == pixels(reader.screenshot(number))).all()
    with pytest.raises(SettingsError, match="There is no start 3: this environment has 3"):
        made.reset(options={"start": 3})
    made.close()


def test_episodes_are_recorded_as_sessions(recorded: Path, tmp_path: Path) -> None:
    goal = {"reward": "frame_counter.delta", "done": "frame_counter > 560"}
    made = gbatrace.make_env(
        names=["frame_counter"],
        observe="picture+variables",
        actions="discrete",
        goal=goal,
        starts=["power-on", f"{recorded}@110"],
        max_steps=8,
        record_to=tmp_path,
    )
    episodes = []
    for start in (0, 1):
        _, info = made.reset(options={"start": start})
        steps = [made.step(4)]
        while not (steps[-1][2] or steps[-1][3]):
            steps.append(made.step(4))
        assert made.step(0)[4]["session"] == ""
        episodes.append((info["session"], steps))
    made.reset()
    made.close()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("gbatrace")) == [
        session for session, _ in episodes
    ]
    (first, truncated), (second, done) = episodes
    assert (len(truncated), truncated[-1][2:4], done[-1][2]) == (8, (False, True), True)
    for session, steps in episodes:
        reader = open_session(tmp_path / session)
        assert verify_session(reader.folder.path).findings == []
        sets = list(reader.frame_sets())
        assert {frame.current_keys for item in sets for frame in item.frames} == {"Start"}
        for item, step in zip(sets, steps, strict=True):
            assert (pixels(item.png) == step[0]["picture"]).all()
        values = gbatrace.open(tmp_path / session).values("frame_counter").at_each_set()
        assert gbatrace.open(tmp_path / session).replay().is_proven
        # It was scanned at one of the frames of each set, and the step ends with the last.
        late = np.array([step[0]["variables"][0] for step in steps]) - values
        assert (late >= 0).all()
        assert (late < 5).all()
    origin = open_session(tmp_path / second).metadata_document()["origin"]
    assert (origin["start"], origin["parent"]["frame_set"], origin["frame"]) == ("savestate", 110, 555)
    assert open_session(tmp_path / first).metadata_document()["origin"]["start"] == "power_on"


def test_combinations_are_those_seen_in_a_session(recorded: Path) -> None:
    made = gbatrace.make_env(actions="combinations", combinations=str(recorded))
    timeline = {frame.current_keys or "None" for item in open_session(recorded).frame_sets() for frame in item.frames}
    assert made.action_space == gymnasium.spaces.Discrete(len(timeline | {"None"}))
    made.close()


def test_its_specification_makes_it_again(environment: GameEnvironment) -> None:
    assert environment.spec is not None
    spec = gymnasium.envs.registration.EnvSpec.from_json(environment.spec.to_json())
    assert json.loads(environment.spec.to_json())["id"] == "gbatrace/gbatrace_demo-v0"
    again = gymnasium.make(spec)
    assert again.observation_space == environment.observation_space
    first, second = played(environment, 1, 20), played(again, 1, 20)
    assert (first[-1]["variables"] == second[-1]["variables"]).all()
    again.close()


def test_the_example_of_the_documentation_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (Path(gbatrace.__file__).parent / "docs" / "environment.md").read_text("utf-8")
    example = text.partition("```python\n")[2].partition("```")[0]
    scope: dict[str, Any] = {}
    exec(compile(example, "environment.md", "exec"), scope)
    assert scope["info"]["frame"] == 500
    assert scope["observation"] in scope["env"].observation_space


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_several_play_at_once(mode: str, environment: GameEnvironment) -> None:
    gbatrace.register_envs()
    options: dict[str, Any] = {"observe": "variables", "names": list(NAMES), "actions": "discrete"}
    several = gymnasium.make_vec("gbatrace/gbatrace_demo-v0", num_envs=2, vectorization_mode=mode, **options)
    alone = gbatrace.make_env(**options)
    several.reset(seed=1)
    alone.reset(seed=1)
    for step in range(40):
        seen, *_ = several.step(np.array([0, step % 11]))
        expected, *_ = alone.step(step % 11)
        assert (seen[1] == expected).all()
    assert (seen[0] != seen[1]).any()
    several.close()
    alone.close()


@pytest.mark.parametrize("options", [{"game": "missing.gba"}, {"rom": "missing.gba"}, {"core": "missing.so"}])
def test_what_is_missing_is_told_without_options_of_the_command_line(options: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"missing\.\w+: name ") as raised:
        gbatrace.make_env(**options)
    assert "--" not in str(raised.value)
