"""Datasets read as LeRobot's reader does, with the libraries below it.

LeRobot itself brings several gigabytes and Python 3.12: docs/datasets.md says what was done with it. Its reader
(lerobot/datasets: utils, io_utils, dataset_metadata, feature_utils) opens `meta/info.json`, turns `features` into those
of `datasets`, reads `data/*/*.parquet` with them, `meta/tasks.parquet` by pandas with the task as index, and
`meta/episodes/*/*.parquet`.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pandas
import pytest

from daemon.exporting.language import OUTCOME_QUESTION
from daemon.exporting.options import DatasetOptions
from daemon.exporting.split import SplitBy, SplitPlan
from protocol.errors import ExportError
from protocol.session.annotations import Annotations
from protocol.session.screenshots import pixels
from tests.daemon.exporting.recordings import (
    BUTTONS,
    HEIGHT,
    WIDTH,
    export_dataset,
    frame_sets,
    record,
    screenshot,
    without_png,
)

LANGUAGE = {
    "role": datasets.Value("string"),
    "content": datasets.Value("string"),
    "style": datasets.Value("string"),
    "timestamp": datasets.Value("float32"),
    "camera": datasets.Value("string"),
    "tool_calls": datasets.List(datasets.Json()),
}


pytestmark = pytest.mark.usefixtures("datasets_cache")


def feature(name: str, described: dict[str, Any]) -> Any:
    """Turn a feature of `info.json` into one of `datasets`, by the rules of LeRobot's feature_utils."""
    match described["dtype"], described["shape"]:
        case "language", _:
            timed = name == "language_persistent"
            return datasets.List({key: value for key, value in LANGUAGE.items() if timed or key != "timestamp"})
        case "image", _:
            return datasets.Image()
        case kind, [1]:
            return datasets.Value(kind)
        case kind, [length]:
            return datasets.Sequence(length=length, feature=datasets.Value(kind))
        case _:
            raise AssertionError(name)


class Dataset:
    """A LeRobot dataset as its reader sees it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.info = json.loads((root / "meta" / "info.json").read_text(encoding="utf-8"))
        self.stats = json.loads((root / "meta" / "stats.json").read_text(encoding="utf-8"))
        self.tasks = pandas.read_parquet(root / "meta" / "tasks.parquet")
        self.episodes = pandas.read_parquet(root / "meta" / "episodes")
        features = datasets.Features({name: feature(name, told) for name, told in self.info["features"].items()})
        paths = sorted(map(str, (root / "data").glob("*/*.parquet")))
        self.frames = datasets.Dataset.from_parquet(paths, features=features)


def test_a_row_is_a_screenshot_and_what_was_held_after_it(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(12)))
    export_dataset([session], "lerobot", tmp_path / "out")
    dataset = Dataset(tmp_path / "out")

    assert dataset.info["codebase_version"] == "v3.0"
    assert (dataset.info["fps"], dataset.info["total_episodes"], dataset.info["total_frames"]) == (12, 1, 11)
    assert dataset.info["splits"] == {"train": "0:1"}
    assert dataset.info["features"]["action"]["names"] == list(BUTTONS)
    assert dataset.info["features"]["observation.image"]["shape"] == [HEIGHT, WIDTH, 3]
    row = dataset.frames[1]
    assert (np.asarray(row["observation.image"]) == pixels(screenshot(0))).all()
    assert [name for name, held in zip(BUTTONS, row["action"], strict=True) if held == 1] == ["A", "Right"]
    assert np.array(row["buttons"]).reshape(5, 10).all(0).tolist() == [held == 1 for held in row["action"]]
    assert (row["frame_set_id"], row["emulator_frame"], row["frame_index"], row["index"]) == (1, 1009, 1, 1)
    assert row["timestamp"] == pytest.approx(1 / 12)
    assert dataset.tasks.index[row["task_index"]] == "Play Tiny Game"


def test_timestamps_are_frame_indices_through_fps(tmp_path: Path) -> None:
    export_dataset([record(tmp_path / "data")], "lerobot", tmp_path / "out")
    frames = Dataset(tmp_path / "out").frames
    assert np.allclose(np.array(frames["timestamp"]) * 12, np.array(frames["frame_index"]), atol=1e-4 * 12)


def test_episodes_end_where_play_breaks_and_where_a_screenshot_is_missing(tmp_path: Path) -> None:
    sets = [*frame_sets(6), *frame_sets(6, first=6, frame=5000)]
    sets[9] = without_png(sets[9])
    export_dataset([record(tmp_path / "data", sets=sets)], "lerobot", tmp_path / "out")
    dataset = Dataset(tmp_path / "out")

    spans = dataset.episodes[["first_frame_set", "last_frame_set", "length"]].to_numpy().tolist()
    assert spans == [[0, 5, 5], [6, 8, 2], [10, 11, 1]]
    assert dataset.episodes["dataset_from_index"].tolist() == [0, 5, 7]
    assert dataset.episodes["dataset_to_index"].tolist() == [5, 7, 8]
    assert [list(tasks) for tasks in dataset.episodes["tasks"]] == [["Play Tiny Game"]] * 3
    assert dataset.frames["episode_index"][:] == [0] * 5 + [1] * 2 + [2]
    assert dataset.frames["index"][:] == list(range(8))


def test_a_long_episode_is_cut_without_losing_a_step(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(10)))
    export_dataset([session], "lerobot", tmp_path / "out", DatasetOptions(max_episode=4))
    dataset = Dataset(tmp_path / "out")
    assert dataset.frames["frame_set_id"][:] == list(range(9))
    assert dataset.episodes["length"].tolist() == [3, 3, 3]


def test_episodes_know_their_file(tmp_path: Path) -> None:
    sessions = [record(tmp_path / "data", name, list(frame_sets(4))) for name in ("a", "b")]
    export_dataset(sessions, "lerobot", tmp_path / "out")
    dataset = Dataset(tmp_path / "out")
    for episode in dataset.episodes.to_dict("records"):
        path = dataset.info["data_path"].format(
            chunk_index=episode["data/chunk_index"], file_index=episode["data/file_index"]
        )
        rows = pandas.read_parquet(tmp_path / "out" / path)
        assert set(rows.episode_index) == {episode["episode_index"]}
    assert dataset.episodes["session"].tolist() == ["a", "b"]


def test_labels_are_in_the_language_columns(tmp_path: Path) -> None:
    labels = {
        2: Annotations(context="battle", action="combat", intent="explore_area"),
        3: Annotations(context="battle", action="combat", intent="explore_area", outcome="success"),
    }
    session = record(tmp_path / "data", sets=list(frame_sets(6)), labels=labels)
    export_dataset([session], "lerobot", tmp_path / "out", DatasetOptions(language=True))
    frames = Dataset(tmp_path / "out").frames

    assert frames[0]["language_persistent"] == frames[4]["language_persistent"]
    states = [(round(row["timestamp"] * 12), row["style"], row["content"]) for row in frames[0]["language_persistent"]]
    assert states == [
        (2, "memory", "context: battle"),
        (2, "plan", "explore_area"),
        (2, "subtask", "combat"),
        (4, "memory", None),
        (4, "plan", None),
        (4, "subtask", None),
    ]
    times = frames["timestamp"][:]
    assert all(row["timestamp"] in times for row in frames[0]["language_persistent"])
    assert [len(row["language_events"]) for row in frames] == [0, 0, 0, 2, 0]
    question, answer = frames[3]["language_events"]
    assert (question["content"], answer["content"], answer["camera"]) == (
        OUTCOME_QUESTION,
        "success",
        "observation.image",
    )


def test_without_names_of_memory_the_state_is_what_is_held_while_one_looks(tmp_path: Path) -> None:
    export_dataset([record(tmp_path / "data", sets=list(frame_sets(3)))], "lerobot", tmp_path / "out")
    dataset = Dataset(tmp_path / "out")
    assert dataset.info["features"]["observation.state"]["names"] == list(BUTTONS)
    assert [
        [name for name, held in zip(BUTTONS, row, strict=True) if held] for row in dataset.frames["observation.state"]
    ] == [[], ["A"]]
    assert set(dataset.stats["observation.state"]) >= {"q01", "q10", "q50", "q90", "q99"}
    assert not any(name.startswith("language") for name in (*dataset.info["features"], *dataset.frames.column_names))


def test_statistics_are_those_of_the_rows(tmp_path: Path) -> None:
    sets = [*frame_sets(6), *frame_sets(6, first=6, frame=5000)]
    export_dataset([record(tmp_path / "data", sets=sets)], "lerobot", tmp_path / "out")
    dataset = Dataset(tmp_path / "out")
    actions = np.array(dataset.frames["action"][:])
    assert np.allclose(dataset.stats["action"]["mean"], actions.mean(0))
    assert np.allclose(dataset.stats["action"]["std"], actions.std(0))
    screenshots = np.stack([np.asarray(image) for image in dataset.frames["observation.image"][:]]) / 255
    assert np.allclose(np.array(dataset.stats["observation.image"]["mean"]).ravel(), screenshots.mean((0, 1, 2)))
    assert np.array(dataset.stats["observation.image"]["max"]).shape == (3, 1, 1)
    assert dataset.stats["action"]["count"] == [10]
    assert dataset.episodes["stats/action/count"].tolist() == [[5], [5]]


def test_each_split_is_a_dataset_of_its_own(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=list(frame_sets(60)))
    plan = SplitPlan(by=SplitBy.BLOCK, shares=(0.5, 0.0, 0.5), block=10, gap=2)
    manifest = export_dataset([session], "lerobot", tmp_path / "out", DatasetOptions(split=plan))
    for split in ("train", "test"):
        dataset = Dataset(tmp_path / "out" / split)
        assert dataset.info["splits"] == {split: f"0:{len(dataset.episodes)}"}
        assert len(dataset.frames) == dataset.info["total_frames"] == manifest["details"]["splits"][split]["steps"] > 10
        assert dataset.frames["index"][:] == list(range(len(dataset.frames)))


def test_screenshots_of_two_sizes_are_refused(tmp_path: Path) -> None:
    sets = list(frame_sets(4))
    sets[2] = replace(sets[2], png=screenshot(2, (48, 32)))
    with pytest.raises(ExportError, match="frame set 2 in session is 48x32 pixels, others are 24x16"):
        export_dataset([record(tmp_path / "data", sets=sets)], "lerobot", tmp_path / "out")


def test_a_session_without_screenshots_has_nothing_to_learn_from(tmp_path: Path) -> None:
    session = record(tmp_path / "data", sets=[without_png(item) for item in frame_sets(4)])
    with pytest.raises(ExportError, match="nothing to learn from"):
        export_dataset([session], "lerobot", tmp_path / "out")
