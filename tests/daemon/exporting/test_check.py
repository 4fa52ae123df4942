from pathlib import Path

import pytest

from daemon.exporting.check import dataset_problems
from daemon.exporting.errors import ExportError
from daemon.exporting.run import export_sessions
from tests.daemon.exporting.recordings import record


def test_a_sound_dataset_has_no_problems_and_a_touched_one_names_them(tmp_path: Path) -> None:
    sessions = [record(tmp_path / "data", name) for name in ("a", "b", "c", "d")]
    out = tmp_path / "out"
    export_sessions(sessions, "jsonl", out)
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
