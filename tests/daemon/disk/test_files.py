"""Files complete or not at all, and what the disk's refusals mean."""

import errno
import os
import sys
import time
from pathlib import Path

import pytest

from daemon.disk import files
from daemon.disk.files import clear_partials, map_os_errors, remove_tree, replace_file, write_file
from protocol import held_files
from protocol.disk import read_file
from protocol.errors import DiskFullError, FileHeldError, StoreError
from tests.fakes.holder import hold_open
from tests.fakes.links import link


class TestReplacing:
    def test_a_file_is_written(self, tmp_path: Path) -> None:
        replace_file(tmp_path / "a.json", b"new")
        assert (tmp_path / "a.json").read_bytes() == b"new"
        assert [path.name for path in tmp_path.iterdir()] == ["a.json"]

    def test_a_file_that_was_there_is_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_bytes(b"old")
        replace_file(tmp_path / "a.json", b"new")
        assert (tmp_path / "a.json").read_bytes() == b"new"

    def test_a_partial_file_of_a_crash_is_in_nobodys_way(self, tmp_path: Path) -> None:
        (tmp_path / "a.json.partial").write_bytes(b"half")
        replace_file(tmp_path / "a.json", b"new")
        assert [path.name for path in tmp_path.iterdir()] == ["a.json"]

    def test_a_file_stays_as_it_was_when_the_new_one_cannot_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_room(_descriptor: int, _data: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        (tmp_path / "a.json").write_bytes(b"old")
        monkeypatch.setattr(files, "write_all", no_room)
        with pytest.raises(OSError, match="No space"):
            replace_file(tmp_path / "a.json", b"new")
        assert (tmp_path / "a.json").read_bytes() == b"old"
        assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


class TestWriting:
    def test_a_file_is_written_in_as_many_pieces_as_the_system_takes(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = os.write
        monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))
        write_file(tmp_path / "a.bin", b"0123456789")
        assert (tmp_path / "a.bin").read_bytes() == b"0123456789"

    def test_what_was_there_is_gone(self, tmp_path: Path) -> None:
        (tmp_path / "a.bin").write_bytes(b"longer than before")
        write_file(tmp_path / "a.bin", b"new")
        assert (tmp_path / "a.bin").read_bytes() == b"new"

    def test_what_a_crash_left_is_cleared_away(self, tmp_path: Path) -> None:
        (tmp_path / ".partial-3").mkdir()
        (tmp_path / ".partial-3" / "event.json").write_bytes(b"{")
        (tmp_path / "a.json.partial").write_bytes(b"{")
        (tmp_path / "a.json").write_bytes(b"{}")
        clear_partials(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
        clear_partials(tmp_path / "none")


class TestPatience:
    """Another program holds what is to be renamed, replaced or deleted, as on Windows."""

    def test_a_file_is_replaced_when_it_is_let_go_of(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        hold_open(lambda path: path.endswith(".partial"), 0.3, monkeypatch.setattr)
        replace_file(tmp_path / "a.json", b"new")
        assert (tmp_path / "a.json").read_bytes() == b"new"

    def test_a_file_that_is_kept_is_given_up_and_nothing_is_left(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(time, "sleep", lambda _seconds: None)
        hold_open(lambda path: path.endswith("a.json.partial"), 60, monkeypatch.setattr)
        with (
            pytest.raises(FileHeldError, match="held open by another program, a virus scanner perhaps"),
            map_os_errors(tmp_path),
        ):
            replace_file(tmp_path / "a.json", b"new")

    def test_a_caller_that_cannot_wait_gets_the_error_at_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hold_open(lambda _path: True, 60, monkeypatch.setattr)
        monkeypatch.setattr(time, "sleep", pytest.fail)
        with pytest.raises(PermissionError):
            replace_file(tmp_path / "a.json", b"new", is_patient=False)

    def test_a_folder_is_deleted_when_its_files_are_let_go_of(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "run" / "3").mkdir(parents=True)
        (tmp_path / "run" / "3" / "event.json").write_bytes(b"{}")
        hold_open(lambda path: "event.json" in path, 0.3, monkeypatch.setattr)
        remove_tree(tmp_path / "run")
        remove_tree(tmp_path / "run")
        assert list(tmp_path.iterdir()) == []

    def test_reading_is_tried_once_more(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "a.json").write_bytes(b"{}")
        read, tries = Path.read_bytes, list[Path]()

        def held_once(path: Path) -> bytes:
            tries.append(path)
            if len(tries) == 1:
                raise PermissionError(errno.EACCES, "The process cannot access the file")
            return read(path)

        monkeypatch.setattr(Path, "read_bytes", held_once)
        monkeypatch.setattr(held_files, "_ON_WINDOWS", True)
        assert read_file(tmp_path / "a.json") == b"{}"


class TestRefusals:
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
    def test_no_room_is_said_to_be_no_room(self, code: int) -> None:
        with pytest.raises(DiskFullError, match="The disk with run is full: make room"), map_os_errors(Path("run")):
            raise OSError(code, "no")

    def test_another_refusal_is_said_in_the_systems_words(self) -> None:
        with pytest.raises(StoreError, match=r"run cannot be written \(Read-only"), map_os_errors(Path("run")):
            raise OSError(errno.EROFS, "Read-only file system")

    def test_a_refusal_without_a_number_is_said_as_well(self) -> None:
        with pytest.raises(StoreError, match=r"run cannot be written \(odd\)"), map_os_errors(Path("run")):
            raise OSError("odd")

    def test_what_is_not_the_disks_fault_passes(self) -> None:
        with pytest.raises(ZeroDivisionError), map_os_errors(Path("run")):
            raise ZeroDivisionError


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no O_NOFOLLOW")
def test_what_is_written_goes_through_no_link(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"as it was")
    link(tmp_path / "labels.partial", tmp_path / "victim")
    with pytest.raises(OSError, match="symbolic links"):
        replace_file(tmp_path / "labels", b"new")
    assert (tmp_path / "victim").read_bytes() == b"as it was"


def test_nothing_outside_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "mine.partial").write_bytes(b"mine")
    (tmp_path / "run").mkdir()
    link(tmp_path / "run" / "3", tmp_path / "outside")
    link(tmp_path / "run" / ".partial-4", tmp_path / "outside")
    clear_partials(tmp_path / "run" / "3")
    clear_partials(tmp_path / "run")
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["3"]
    assert (tmp_path / "outside" / "mine.partial").read_bytes() == b"mine"
