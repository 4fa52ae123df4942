import json
from pathlib import Path

import gymnasium
import minari
import numpy as np

import gbatrace
from daemon.exporting.options import DatasetOptions
from daemon.exporting.split import SplitBy, SplitPlan
from protocol.session.reader import session_names, stored_session
from protocol.session.screenshots import pixels
from tests.daemon.exporting.recordings import (
    BUTTONS,
    HEIGHT,
    NOW,
    WIDTH,
    export_dataset,
    frame_sets,
    record,
    screenshot,
)


def test_minari_opens_the_folder_and_finds_episodes(tmp_path: Path) -> None:
    sessions = [
        record(tmp_path / "data", "a", [*frame_sets(6), *frame_sets(3, first=6, frame=5000)]),
        record(tmp_path / "data", "b", list(frame_sets(4))),
    ]
    export_dataset(sessions, "minari", tmp_path / "out")

    dataset = minari.MinariDataset(tmp_path / "out")

    assert (dataset.total_episodes, dataset.total_steps) == (3, 5 + 2 + 3)
    assert dataset.observation_space == gymnasium.spaces.Box(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
    assert dataset.action_space == gymnasium.spaces.MultiBinary((5, 10))
    episode = dataset[0]
    assert episode.observations.shape == (6, HEIGHT, WIDTH, 3)
    assert (episode.observations[5] == pixels(screenshot(2))).all()
    assert episode.actions.shape == (5, 5, 10)
    assert [name for name, held in zip(BUTTONS, episode.actions[1, 0], strict=True) if held] == ["A", "Right"]
    assert not episode.rewards.any()
    assert not episode.terminations.any()
    assert episode.truncations.tolist() == [False] * 4 + [True]
    assert episode.infos["frame_set_id"].tolist() == list(range(6))
    assert episode.infos["emulator_frame"][0] == 1004
    assert episode.infos["timestamp"][0] == NOW + 68
    assert [item["session"] for item in dataset.storage.get_episode_metadata([0, 1, 2])] == ["a", "a", "b"]
    assert [len(item.rewards) for item in dataset.sample_episodes(3)]


def test_each_split_is_a_dataset_of_its_own(tmp_path: Path) -> None:
    plan = SplitPlan(by=SplitBy.BLOCK, shares=(0.5, 0.0, 0.5), block=10, gap=2)
    session = record(tmp_path / "data", sets=list(frame_sets(60)))
    export_dataset([session], "minari", tmp_path / "out", DatasetOptions(split=plan, max_episode=6))
    for split in ("train", "test"):
        dataset = minari.MinariDataset(tmp_path / "out" / split)
        assert max(len(episode.rewards) for episode in dataset) == 5
        assert dataset.spec.dataset_id == f"gbatrace/tiny-game-{split}-v0"


def test_the_environment_that_plays_the_game_is_recovered(tmp_path: Path, mgba: Path) -> None:
    goal = {"reward": "frame_counter.delta", "done": "frame_counter > 60"}
    environment = gbatrace.make_env(
        observe="picture", actions="frames", goal=goal, data_folder=tmp_path, record_to=tmp_path
    )
    environment.reset()
    while not environment.step(environment.action_space.sample())[2]:
        pass
    environment.close()
    (name,) = session_names(tmp_path)
    (tmp_path / "goal.json").write_text(json.dumps(goal), encoding="utf-8")
    session = stored_session(tmp_path, name)
    export_dataset([session], "minari", tmp_path / "out", DatasetOptions(goal=tmp_path / "goal.json"))

    dataset = minari.MinariDataset(tmp_path / "out")
    recovered = dataset.recover_environment(data_folder=str(tmp_path))

    assert recovered.observation_space == dataset.observation_space
    assert recovered.action_space == dataset.action_space
    (episode,) = dataset.iterate_episodes()
    recovered.reset()
    buttons = [frame.current_keys for frame in session.frame_set(0).frames]
    recovered.step(np.array([[name in keys.split("+") for name in BUTTONS] for keys in buttons], np.int8))
    for action, expected in zip(episode.actions, episode.observations[1:], strict=True):
        observation, _, is_done, *_ = recovered.step(action)
        assert (observation == expected).all()
    assert is_done
    recovered.close()
