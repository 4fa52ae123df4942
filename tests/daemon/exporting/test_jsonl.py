from pathlib import Path

import datasets
import pandas
import pytest

from daemon.exporting.options import DatasetOptions
from daemon.exporting.split import SplitBy, SplitPlan
from protocol.session.annotations import Annotations
from protocol.session.events import EventRecord
from tests.daemon.exporting.recordings import NOW, export_dataset, frame_sets, record

pytestmark = pytest.mark.usefixtures("datasets_cache")


def test_datasets_and_pandas_read_windows(tmp_path: Path) -> None:
    labels = {number: Annotations(context="battle") for number in range(4, 8)}
    session = record(tmp_path / "data", sets=list(frame_sets(12)), labels=labels)
    export_dataset([session], "jsonl", tmp_path / "out", DatasetOptions(window=4, stride=2))

    frame = pandas.read_json(tmp_path / "out" / "all" / "session.jsonl", lines=True)
    dataset = datasets.load_dataset("json", data_files=f"{tmp_path}/out/all/*.jsonl", split="train")

    assert frame.first_frame_set.tolist() == [0, 2, 4, 6, 8]
    assert [row["context"] for row in frame.outputs] == ["", "battle", "battle", "", ""]
    row = dataset[1]
    assert (row["session"], row["first_frame_set"], row["last_frame_set"]) == ("session", 2, 5)
    assert row["outputs"]["context"] == "battle"
    assert [step["frame_set_id"] for step in row["inputs"]] == [2, 3, 4, 5]
    assert row["inputs"][0]["buttons"] == ["A+Right"] * 5
    assert row["inputs"][1]["changes"] == [
        ["03000010", "00000003", "00000004"],
        ["02000100", "00000000", "00000003"],
        ["02000104", "00000009", "0000000A"],
    ]


def test_a_window_never_crosses_a_discontinuity_or_a_border_of_splits(tmp_path: Path) -> None:
    events = (EventRecord(NOW, "rewind", 33),)
    session = record(tmp_path / "data", sets=list(frame_sets(60)), events=events)
    plan = SplitPlan(by=SplitBy.BLOCK, shares=(0.5, 0.0, 0.5), block=20, gap=0)
    manifest = export_dataset([session], "jsonl", tmp_path / "out", DatasetOptions(split=plan, window=3, stride=1))
    spans: list[tuple[int, int]] = []
    for path in (tmp_path / "out").glob("*/*.jsonl"):
        rows = pandas.read_json(path, lines=True)
        spans += zip(rows.first_frame_set, rows.last_frame_set, strict=True)
        assert len(rows) == manifest["details"]["windows"][path.parent.name]
    assert all(last - first == 2 and first // 20 == last // 20 and not first < 33 <= last for first, last in spans)
    assert len(spans) == 3 * 18 - 2
