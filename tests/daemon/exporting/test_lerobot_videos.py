"""Screenshots of a LeRobot dataset as video: each row's frame is its screenshot."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

from daemon.exporting import lerobot_videos
from daemon.exporting.dataset_check import dataset_problems
from daemon.exporting.lerobot_features import IMAGE, VIDEO_PATH
from daemon.exporting.options import DatasetOptions, ImageMode
from daemon.exporting.split import SplitBy, SplitPlan
from protocol.errors import ExportError
from protocol.session.reader import SessionReader
from protocol.session.screenshots import pixels
from tests.daemon.exporting.recordings import export_dataset, frame_sets, record
from tests.daemon.exporting.test_video import decoded

VIDEO = DatasetOptions(images=ImageMode.VIDEO, max_episode=9)


def recorded(tmp_path: Path) -> dict[str, SessionReader]:
    return {
        name: record(tmp_path / "data", name, list(frame_sets(30, frame=frame))) for name, frame in (("a", 0), ("b", 9))
    }


def frames_of(root: Path) -> list[tuple[Any, np.ndarray]]:
    """Read each row with its picture as LeRobot's reader does: by file, and by time within it."""
    info = json.loads((root / "meta" / "info.json").read_text("utf-8"))
    episodes = pandas.read_parquet(root / "meta" / "episodes")
    rows = pandas.concat(pandas.read_parquet(path) for path in sorted((root / "data").glob("*/*.parquet")))
    assert IMAGE not in rows.columns
    videos = {}
    found = []
    for _, row in rows.iterrows():
        episode = episodes.iloc[int(row["episode_index"])]
        place = {key: int(episode[f"videos/{IMAGE}/{key}"]) for key in ("chunk_index", "file_index")}
        path = root / info["video_path"].format(video_key=IMAGE, **place)
        if path not in videos:
            videos[path] = decoded(path)
        time = episode[f"videos/{IMAGE}/from_timestamp"] + row["timestamp"]
        shown = [image for at, image in videos[path] if abs(at - time) < 1e-4]
        assert len(shown) == 1
        found.append((row, shown[0]))
    return found


@pytest.mark.parametrize("split", [SplitPlan(), SplitPlan(by=SplitBy.SESSION, shares=(0.5, 0.0, 0.5))])
def test_each_row_shows_its_screenshot(tmp_path: Path, split: SplitPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lerobot_videos, "_LONGEST_S", 1)
    sessions = recorded(tmp_path)
    options = DatasetOptions(images=ImageMode.VIDEO, max_episode=9, split=split)
    export_dataset(list(sessions.values()), "lerobot", tmp_path / "out", options)
    roots = [tmp_path / "out"] if split.by is SplitBy.NONE else [tmp_path / "out" / name for name in ("train", "test")]
    found = [frame for root in roots for frame in frames_of(root)]
    assert len(found) == 2 * 29
    for row, image in found:
        session = sessions["a" if row["emulator_frame"] % 5 == 4 else "b"]
        assert np.array_equal(image, pixels(session.screenshot(int(row["frame_set_id"]))))
    assert list(dataset_problems(tmp_path / "out")) == []


def test_a_changed_video_is_found(tmp_path: Path) -> None:
    export_dataset([recorded(tmp_path)["a"]], "lerobot", tmp_path / "out", VIDEO)
    name = VIDEO_PATH.format(video_key=IMAGE, chunk_index=0, file_index=0)
    path = tmp_path / "out" / name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert list(dataset_problems(tmp_path / "out")) == [f"{name} has been changed"]


def test_without_pyav_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ExportError, match=r"needs av, which is not installed: .*\[video\]"):
        export_dataset([recorded(tmp_path)["a"]], "lerobot", tmp_path / "out", VIDEO)


@pytest.mark.parametrize("name", ["parquet", "hf", "minari", "jsonl"])
def test_a_format_without_video_refuses_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=f"{name} has no pictures as video: choose lerobot or webdataset"):
        export_dataset([recorded(tmp_path)["a"]], name, tmp_path / "out", VIDEO)
