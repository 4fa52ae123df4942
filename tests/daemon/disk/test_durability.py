"""Durability of written files: process, power cut."""

import errno
import os
import sys
from pathlib import Path

import pytest

from daemon.disk.durability import Durability, Unsynced
from protocol.errors import StoreError


@pytest.fixture
def forced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was forced out, in order."""
    names: list[str] = []

    def fsync(descriptor: int) -> None:
        names.append(Path(f"/proc/self/fd/{descriptor}").readlink().name if sys.platform == "linux" else "?")

    monkeypatch.setattr(os, "fsync", fsync)
    return names


@pytest.fixture
def places(tmp_path: Path) -> list[Path]:
    """A folder and a file in it, and a file of its own."""
    folder = tmp_path / "12"
    folder.mkdir()
    (folder / "event.json").write_bytes(b"{}")
    (tmp_path / "checksums.jsonl").write_bytes(b"")
    return [folder, folder / "event.json", tmp_path / "checksums.jsonl"]


def test_a_killed_daemon_loses_nothing_without_waiting(places: list[Path], forced: list[str]) -> None:
    unsynced = Unsynced(Durability.PROCESS)
    unsynced.wrote(places)
    unsynced.sync()
    assert forced == []


@pytest.mark.skipif(sys.platform != "linux", reason="only there a test can see what was forced out")
def test_against_a_power_cut_files_are_forced_out_before_the_folders_that_name_them(
    places: list[Path], forced: list[str]
) -> None:
    unsynced = Unsynced(Durability.POWER)
    unsynced.wrote(places)
    unsynced.wrote(places[:1])
    unsynced.sync()
    assert forced == ["event.json", "checksums.jsonl", "12"]
    unsynced.sync()
    assert len(forced) == 3


def test_it_works_on_a_real_disk(places: list[Path]) -> None:
    unsynced = Unsynced(Durability.POWER)
    unsynced.wrote(places)
    unsynced.sync()


def test_what_is_gone_by_now_is_passed_over(places: list[Path], tmp_path: Path) -> None:
    unsynced = Unsynced(Durability.POWER)
    unsynced.wrote([*places, tmp_path / "gone", tmp_path / "gone" / "event.json"])
    unsynced.sync()


def test_what_the_disk_refused_is_tried_again(places: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    unsynced = Unsynced(Durability.POWER)
    unsynced.wrote(places)

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", refuse)
        with pytest.raises(StoreError, match="Input/output error"):
            unsynced.sync()
    tried: list[int] = []
    monkeypatch.setattr(os, "fsync", tried.append)
    unsynced.sync()
    assert len(tried) >= 2
