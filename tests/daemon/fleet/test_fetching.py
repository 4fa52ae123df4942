"""Exports of sessions that a fleet stored as archives."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from daemon.fleet.fetching import readable_folder
from daemon.fleet.target import open_target
from protocol.errors import FleetError
from tests.daemon.exporting.recordings import frame_sets, record
from tests.daemon.fleet.rows import row


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    """Two sessions as folders, and as a fleet's archives."""
    target = open_target((tmp_path / "archives").as_uri())
    for number, name in enumerate(("a", "b")):
        sets = list(frame_sets(9, first=40 * number, frame=5000 * number))
        target.hand_over(record(tmp_path / "data", name, sets).folder.path, row(name))
    target.write_catalogue(target.rows())
    return tmp_path / "archives"


def export(data: str, output: Path, *sessions: str) -> dict[str, bytes]:
    words = ("export", *sessions, "--data", data, "--format", "jsonl", "--output", str(output), "--split", "session")
    result = CliRunner().invoke(command_line(), words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def test_a_fleets_archives_become_the_dataset_that_its_folders_would(tmp_path: Path, archives: Path) -> None:
    of_folders = export(str(tmp_path / "data"), tmp_path / "out" / "folders", "all")
    assert export(archives.as_uri(), tmp_path / "out" / "url", "all") == of_folders
    assert export(str(archives), tmp_path / "out" / "path", "all") == of_folders
    assert len(export(str(archives), tmp_path / "out" / "one", "b")) == 2
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["folders", "one", "path", "url"]


def test_names_that_lie_there_are_those_of_the_sessions(tmp_path: Path, archives: Path) -> None:
    (archives / "names").mkdir()
    (archives / "names" / "game.json").write_text("{}", encoding="utf-8")
    with readable_folder(str(archives), ["a"], tmp_path / "out", shown=False) as folder:
        assert sorted(path.name for path in folder.iterdir()) == ["a", "names"]
        assert (folder / "names" / "game.json").read_text("utf-8") == "{}"
    assert not folder.exists()


def test_a_session_that_is_not_there_is_told(tmp_path: Path, archives: Path) -> None:
    with (
        pytest.raises(FleetError, match="There is no session c at"),
        readable_folder(str(archives), ["c"], tmp_path / "out", shown=False),
    ):
        pass
    with (
        pytest.raises(FleetError, match="There is no session of a fleet at"),
        readable_folder((tmp_path / "none").as_uri(), ["all"], tmp_path / "out", shown=False),
    ):
        pass


def test_a_damaged_archive_is_named_and_nothing_is_left(tmp_path: Path, archives: Path) -> None:
    (archives / "sessions" / "b.tar.zst").write_bytes(b"half")
    with (
        pytest.raises(FleetError, match=r"The archive of b at .* is damaged"),
        readable_folder(str(archives), ["all"], tmp_path / "out" / "dataset", shown=False),
    ):
        pass
    assert list((tmp_path / "out").iterdir()) == []
