"""Sessions and datasets, as the commands are typed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli import exporting
from daemon.cli.app import command_line
from daemon.exporting.engines import Engine
from protocol.errors import ExportError, LayoutError, SessionError, SettingsError
from tests.daemon.exporting.recordings import frame_sets, record
from tests.daemon.exporting.test_session_task import ApartEngine


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sessions."""
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        record(tmp_path / "data", name, list(frame_sets(40)))
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(command_line(), words, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


class TestExport:
    def test_sessions_become_logs(self, folder: Path) -> None:
        assert "Exported 40 frame sets of 1 session to out" in run("export", "a", "--format", "csv", "--output", "out")
        assert "of 2 sessions" in run("export", "all", "--format", "csv", "--output", "all")
        assert (folder / "all" / "b" / "event_log.csv").is_file()

    def test_what_is_not_there_is_reported(self, folder: Path) -> None:
        with pytest.raises(SessionError):
            run("export", "c", "--format", "csv", "--output", "out")
        with pytest.raises(LayoutError):
            run("export", "../c", "--format", "csv", "--output", "out")
        with pytest.raises(SettingsError, match="There is no format"):
            run("export", "a", "--format", "xls", "--output", "out")
        (folder / "none").mkdir()
        with pytest.raises(SettingsError, match="There is no session in none"):
            run("export", "all", "--data", "none", "--format", "csv", "--output", "out")

    def test_every_choice_arrives_in_the_dataset(self, folder: Path) -> None:
        run(
            *("export", "b", "a", "--format", "jsonl", "--output", "out", "--images", "none", "--split", "block"),
            *("--shares", "0.5", "0.25", "0.25", "--block", "10", "--gap", "2", "--seed", "7", "--window", "3"),
            *("--stride", "2", "--max-changes", "1", "--labelled-only", "--max-episode", "9", "--language"),
            *("--task", "Win", "--title", "Mine", "--licence", "cc0-1.0", "--label-set", "own 3", "--no-progress"),
            *("--variables", "watched", "--old-pictures", "keep", "--memory", "words", "--csv-header"),
        )
        manifest = json.loads((folder / "out" / "dataset.json").read_text(encoding="utf-8"))
        assert [session["session_id"] for session in manifest["sessions"]] == ["b", "a"]
        assert manifest["label_set"] == "own 3"
        assert manifest["options"] == {
            "images": "none",
            "old_pictures": "keep",
            "memory": "words",
            "csv_header": True,
            "variables": "watched",
            "split": {"by": "block", "shares": [0.5, 0.25, 0.25], "block": 10, "gap": 2, "seed": 7},
            "label_set": "own 3",
            "window": 3,
            "stride": 2,
            "max_changes": 1,
            "labelled_only": True,
            "max_episode": 9,
            "task": "Win",
            "language": True,
            "title": "Mine",
            "licence": "cc0-1.0",
        }

    @pytest.mark.parametrize(
        ("option", "says"),
        [
            (("--window", "0"), "--window must be at least 1, not 0"),
            (("--stride", "-1"), "--stride must be at least 1"),
            (("--max-episode", "1"), "--max-episode must be at least 2"),
            (("--max-changes", "-1"), "--max-changes must be at least 0"),
            (("--shares", "1", "1", "1"), "must add up to 1, not to 3"),
            (("--shares", "2", "-1", "0"), "must add up to 1"),
            (("--block", "10", "--gap", "10"), "A block of 10 frame sets has no room for a gap of 10"),
            (("--gap", "-1"), "no room for a gap of -1"),
        ],
    )
    def test_nonsense_is_refused_before_anything_is_written(
        self, folder: Path, option: tuple[str, ...], says: str
    ) -> None:
        with pytest.raises(ExportError, match=says):
            run("export", "a", "--format", "jsonl", "--output", "out", *option)
        assert not (folder / "out").exists()

    @pytest.mark.parametrize("option", [("--images", "some"), ("--split", "frames"), ("--seed", "x")])
    def test_what_is_no_value_is_answered_with_the_usage(self, folder: Path, option: tuple[str, str]) -> None:
        run("export", "a", "--format", "jsonl", "--output", "out", *option, code=2)

    def test_an_engine_takes_the_sessions_apart(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        addresses: list[str] = []

        @contextmanager
        def engine(address: str) -> Iterator[Engine]:
            addresses.append(address)
            yield ApartEngine()

        monkeypatch.setattr(exporting, "ray_engine", engine)
        run("export", "all", "--format", "jsonl", "--output", "out", "--engine", "ray", "--address", "ray://head:10001")
        assert addresses == ["ray://head:10001"]
        assert (folder / "out" / "dataset.json").exists()

    def test_an_address_goes_with_an_engine(self, folder: Path) -> None:
        with pytest.raises(SettingsError, match="--engine ray"):
            run("export", "all", "--format", "jsonl", "--output", "out", "--address", "ray://head:10001")

    def test_help_describes_every_format(self) -> None:
        told = run("export", "--help")
        for name in ("csv", "parquet", "hf", "lerobot", "minari", "webdataset", "jsonl", "--labelled-only"):
            assert name in told


class TestDatasetCheck:
    def test_a_dataset_is_compared_with_its_checksums(self, folder: Path) -> None:
        run("export", "all", "--format", "jsonl", "--output", "out")
        assert "out is as it was exported" in run("dataset", "check", "out")
        (folder / "out" / "all" / "b.jsonl").write_text("{}")
        told = run("dataset", "check", "out", code=1)
        assert "out: all/b.jsonl has 2 bytes instead of" in told

    def test_a_folder_that_holds_none_is_reported_and_the_others_are_checked(self, folder: Path) -> None:
        run("export", "all", "--format", "csv", "--output", "out")
        told = run("dataset", "check", "data", "out", code=1)
        assert "data holds no finished dataset" in told
        assert told.count("is as it was exported") == 2
