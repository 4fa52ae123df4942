"""Folders that disappear while they are recorded in."""

import shutil
from pathlib import Path

from daemon.disk.folder_watch import FolderWatch


class Watched:
    """A data folder with a session, and the reports about it."""

    def __init__(self, data: Path) -> None:
        self.data, self.session = data, data / "run"
        self.session.mkdir(parents=True)
        self.told: list[str] = []
        self.watch = FolderWatch(data, self.told.append)

    def look(self) -> list[str]:
        self.watch.look(["run"])
        told, self.told[:] = list(self.told), []
        return told


def test_what_is_there_is_not_reported(tmp_path: Path) -> None:
    assert Watched(tmp_path / "data").look() == []


def test_a_session_that_is_deleted_is_reported_once(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "data")
    shutil.rmtree(watched.session)
    (line,) = watched.look()
    assert line.startswith(f"The folder {watched.session} was deleted, moved or unplugged")
    assert watched.look() == []


def test_a_data_folder_that_is_deleted_is_reported_as_one(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "data")
    shutil.rmtree(watched.data)
    (line,) = watched.look()
    assert line.startswith(f"The data folder {watched.data} was deleted")


def test_what_is_deleted_again_is_reported_again(tmp_path: Path) -> None:
    watched = Watched(tmp_path / "data")
    for _ in range(2):
        shutil.rmtree(watched.session)
        assert len(watched.look()) == 1
        watched.session.mkdir()
        assert watched.look() == []
