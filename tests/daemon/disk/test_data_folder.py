"""Checks of the data folder at the start."""

import errno
from pathlib import Path, PureWindowsPath

import pytest

from daemon.disk.data_folder import has_session, is_synchronised, prepare_data_folder
from protocol.errors import DataFolderError
from tests.fakes.holder import hold_open


def test_it_is_created_with_its_parents(tmp_path: Path) -> None:
    folder = prepare_data_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert list(folder.iterdir()) == []


def test_its_path_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert prepare_data_folder(Path("data")) == tmp_path / "data"


def test_one_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "20260102-run").mkdir()
    prepare_data_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["20260102-run"]


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_in_its_place_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DataFolderError, match=r"The data folder .*file.* cannot be written .*--data"):
        prepare_data_folder(tmp_path / place)


def test_a_full_disk_is_reported_where_recording_may_wait_for_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_path: Path, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    told: list[str] = []
    monkeypatch.setattr(Path, "write_bytes", no_room)
    assert prepare_data_folder(tmp_path, told.append) == tmp_path
    assert told == [f"The disk with {tmp_path} is full. Nothing can be recorded until there is room: make some."]


def test_a_full_disk_is_noticed_before_anything_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(path: Path, _data: bytes) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_room)
    with pytest.raises(DataFolderError, match=r"\(No space left on device\): make room"):
        prepare_data_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_scanner_that_holds_what_was_tried_hinders_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_open(lambda path: ".probe" in path, 0.3, monkeypatch.setattr)
    prepare_data_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("variable", ["OneDrive", "OneDriveConsumer", "OneDriveCommercial"])
def test_a_folder_in_onedrive_is_reported_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    told: list[str] = []
    monkeypatch.setenv(variable, str(tmp_path))
    prepare_data_folder(tmp_path / "traces", told.append)
    assert [line.partition(" lies in OneDrive")[0] for line in told] == [str(tmp_path / "traces")]


def test_onedrive_is_known_by_its_path_whatever_the_case() -> None:
    environment = {"OneDrive": "C:\\Users\\Ann\\OneDrive"}
    assert is_synchronised(PureWindowsPath("c:\\users\\ann\\onedrive\\Documents\\traces"), environment)
    assert not is_synchronised(PureWindowsPath("C:\\Users\\Ann\\OneDriver\\traces"), environment)
    assert not is_synchronised(PureWindowsPath("C:\\traces"), {})


def test_sessions_that_differ_in_case_only_are_one_name(tmp_path: Path) -> None:
    (tmp_path / "Evening-Run").mkdir()
    assert has_session(tmp_path, "evening-run")
    assert not has_session(tmp_path, "evening")
    assert not has_session(tmp_path / "none", "evening")
