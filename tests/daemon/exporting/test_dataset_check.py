import json
from pathlib import Path

import pytest

from daemon.exporting.dataset_check import dataset_folders, dataset_problems
from daemon.exporting.exporters import open_exporter
from daemon.exporting.options import DatasetOptions
from protocol.errors import ExportError
from tests.daemon.exporting.recordings import export_dataset, frame_sets, record


def test_a_sound_dataset_has_no_problems_and_a_touched_one_names_them(tmp_path: Path) -> None:
    sessions = [record(tmp_path / "data", name) for name in ("a", "b", "c", "d")]
    out = tmp_path / "out"
    export_dataset(sessions, "jsonl", out)
    assert list(dataset_problems(out)) == []

    (out / "all" / "a.jsonl").unlink()
    (out / "all" / "b.jsonl").write_bytes(b"short")
    data = (out / "all" / "c.jsonl").read_bytes()
    (out / "all" / "c.jsonl").write_bytes(data.replace(b"A", b"B"))

    assert list(dataset_problems(out)) == [
        "all/a.jsonl is missing",
        f"all/b.jsonl has 5 bytes instead of {len(data):,}",
        "all/c.jsonl has been changed",
    ]


def test_a_folder_without_a_dataset_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="holds no finished dataset"):
        list(dataset_problems(tmp_path))


def test_what_was_added_or_edited_is_found(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_dataset([record(tmp_path / "data", sets=list(frame_sets(3)))], "jsonl", out)
    (out / "all" / "more.jsonl").write_bytes(b"{}")
    manifest = out / "dataset.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document["counts"]["frame_sets"] = 4
    manifest.write_text(json.dumps(document), encoding="utf-8")
    assert list(dataset_problems(out)) == ["dataset.json has been changed", "all/more.jsonl was added"]
    del document["digest"]
    manifest.write_text(json.dumps(document), encoding="utf-8")
    assert "no digest of itself" in next(dataset_problems(out))


def test_each_log_of_csv_is_a_dataset(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sessions = [record(tmp_path / "data", name, list(frame_sets(3))) for name in ("a", "b")]
    open_exporter("csv", sessions, DatasetOptions(csv_header=True)).export(out, lambda _more: None)
    assert dataset_folders(out) == [out / "a", out / "b"]
    assert [list(dataset_problems(folder)) for folder in dataset_folders(out)] == [[], []]
    log = out / "a" / "event_log.csv"
    assert log.read_text(encoding="utf-8").startswith("timestamp,region,frame,address,")
    log.write_text("", encoding="utf-8")
    assert next(dataset_problems(out / "a")).startswith("event_log.csv has 0 bytes instead of")


def test_a_folder_without_any_stands_for_itself(tmp_path: Path) -> None:
    assert dataset_folders(tmp_path) == [tmp_path]
