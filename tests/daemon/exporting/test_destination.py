from pathlib import Path

import pytest

from daemon.exporting.destination import Destination
from protocol.errors import ExportError


def test_files_appear_together_when_their_unit_ends(tmp_path: Path) -> None:
    destination = Destination(tmp_path / "out", "same")
    with destination.unit("a", {}) as unit:
        unit.write("deep/one.bin", b"one")
        unit.path("folder").mkdir()
        (unit.path("folder") / "two.bin").write_bytes(b"two")
        assert not (tmp_path / "out" / "deep" / "one.bin").exists()
    destination.close(b"{}")
    assert [(entry.path, entry.bytes) for entry in destination.finished[0].files] == [
        ("deep/one.bin", 3),
        ("folder/two.bin", 3),
    ]
    assert sorted(path.name for path in (tmp_path / "out").rglob("*") if path.is_file()) == [
        "dataset.json",
        "one.bin",
        "two.bin",
    ]


def test_a_unit_that_fails_leaves_nothing(tmp_path: Path) -> None:
    destination = Destination(tmp_path / "out", "same")

    def fails() -> None:
        with destination.unit("a", {}) as unit:
            unit.write("one.bin", b"one")
            unit.path("folder").mkdir()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert destination.finished == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".export.json"]


def test_an_interrupted_export_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    first = Destination(tmp_path / "out", "same")
    with first.unit("a", {"rows": 3}) as unit:
        unit.write("a.bin", b"a")
    (tmp_path / "out" / "b.bin.partial").write_bytes(b"half")

    again = Destination(tmp_path / "out", "same")

    assert [(unit.name, unit.facts) for unit in again.finished] == [("a", {"rows": 3})]
    assert not (tmp_path / "out" / "b.bin.partial").exists()


def test_a_unit_whose_file_is_gone_is_written_again(tmp_path: Path) -> None:
    first = Destination(tmp_path / "out", "same")
    for name in ("a", "b"):
        with first.unit(name, {}) as unit:
            unit.write(f"{name}.bin", b"data")
    (tmp_path / "out" / "a.bin").write_bytes(b"x")
    assert Destination(tmp_path / "out", "same").finished == []


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(ExportError, match="is not empty: choose another folder"):
        Destination(tmp_path / "out", "same")
    with pytest.raises(ExportError, match="is not empty"):
        Destination(tmp_path / "out" / "thesis.txt", "same")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]


def test_a_finished_dataset_and_another_unfinished_one_are_left_alone(tmp_path: Path) -> None:
    Destination(tmp_path / "finished", "same").close(b"{}")
    with pytest.raises(ExportError, match="already holds a dataset"):
        Destination(tmp_path / "finished", "same")
    with Destination(tmp_path / "other", "same").unit("a", {}) as unit:
        unit.write("a.bin", b"a")
    with pytest.raises(ExportError, match="unfinished export of other sessions or with other options"):
        Destination(tmp_path / "other", "different")
    (tmp_path / "other" / ".export.json").write_bytes(b"{")
    with pytest.raises(ExportError, match="unfinished export"):
        Destination(tmp_path / "other", "same")


def test_an_export_that_came_to_nothing_stands_in_nobodys_way(tmp_path: Path) -> None:
    Destination(tmp_path / "out", "same")
    (tmp_path / "out" / "a.bin.partial").write_bytes(b"half")
    assert Destination(tmp_path / "out", "different").finished == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".export.json"]
