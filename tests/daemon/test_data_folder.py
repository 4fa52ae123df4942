"""Whether the data folder can be used."""

import errno
from pathlib import Path

import pytest

from daemon.data_folder import prepare_data_folder
from protocol.errors import DataFolderError


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
    with pytest.raises(DataFolderError, match=r"The data folder .*file.* can not be written .*--data"):
        prepare_data_folder(tmp_path / place)


def test_a_full_disk_is_told_of_where_recording_may_wait_for_room(
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
