from pathlib import Path

import datasets
import numpy as np
import pytest

from daemon.exporting.options import DatasetOptions
from daemon.exporting.split import SplitBy, SplitPlan
from protocol.session.annotations import Annotations
from protocol.session.screenshots import pixels
from tests.daemon.exporting.recordings import NOW, export_dataset, frame_sets, record, screenshot, without_png

pytestmark = pytest.mark.usefixtures("datasets_cache")


def test_datasets_loads_screenshots_buttons_changes_and_labels(tmp_path: Path) -> None:
    labels = {3: Annotations(context="battle", tags=("boss",), complete=True)}
    session = record(
        tmp_path / "data", sets=[*frame_sets(5), without_png(next(frame_sets(1, first=5, frame=1025)))], labels=labels
    )
    export_dataset([session], "hf", tmp_path / "out")

    dataset = datasets.load_dataset(str(tmp_path / "out"))

    assert list(dataset) == ["train"]
    row = dataset["train"][3]
    assert (np.asarray(row["image"]) == pixels(screenshot(1))).all()
    assert (row["session"], row["frame_set_id"], row["context"], row["tags"], row["complete"]) == (
        "session",
        3,
        "battle",
        ["boss"],
        True,
    )
    assert row["intent"] is None
    assert row["buttons"] == [[False] * 6 + [True] + [False] * 3] * 5
    assert row["changes"]["address"] == [0x0300_0010, 0x0200_0100, 0x0200_0104]
    assert row["changes"]["region"] == ["iwram", "ewram", "ewram"]
    assert row["changes"]["current"] == [4, 3, 10]
    assert row["timestamp"] == row["frame_timestamps"][-1] == NOW + 84 * 3 + 17 * 4
    assert row["changes"]["freq"] == [7, 1, 12]
    assert (row["pc"], row["frame_pcs"]) == (0x0800_0006, [0x0800_0006] * 5)
    assert (row["frames"], row["frame_combinations"], row["next_combinations"]) == (
        list(range(1015, 1020)),
        [3] * 5,
        [4] * 5,
    )
    assert dataset["train"][5]["image"] is None
    assert not dataset["train"][5]["labelled"]


def test_splits_of_several_sessions(tmp_path: Path) -> None:
    sessions = [
        record(tmp_path / "data", name, list(frame_sets(size, frame=1000 * size)))
        for name, size in (("a", 20), ("b", 3), ("c", 4))
    ]
    plan = SplitPlan(by=SplitBy.SESSION)
    export_dataset(sessions, "hf", tmp_path / "out", DatasetOptions(split=plan))

    dataset = datasets.load_dataset(str(tmp_path / "out"))

    assert list(dataset) == ["train", "validation", "test"]
    assert set(dataset["train"]["session"]) == {"a"}
    assert sum(len(split) for split in dataset.values()) == 27
