"""Files complete or not at all, and what the disk's refusals mean."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.disk import files
from daemon.disk.files import clear_partials, guarded, rename_patiently, replace_file, write_file
from protocol.errors import DiskFullError, StoreError


def refusing(times: int, error: OSError) -> Callable[[], None]:
    """Return a rename that fails so many times, then succeeds."""
    left = [times]

    def rename() -> None:
        if left[0]:
            left[0] -= 1
            raise error

    return rename


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_RENAME_PAUSE", 0.0)


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

    def test_a_file_stays_as_it_was_when_the_new_one_can_not_be_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_room(_descriptor: int, _data: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        (tmp_path / "a.json").write_bytes(b"old")
        monkeypatch.setattr(files, "write_all", no_room)
        with pytest.raises(OSError, match="No space"):
            replace_file(tmp_path / "a.json", b"new")
        assert (tmp_path / "a.json").read_bytes() == b"old"


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
    def test_a_file_that_somebody_holds_for_a_moment_is_renamed_later(self) -> None:
        rename_patiently(refusing(5, PermissionError("held")))

    def test_a_file_that_somebody_keeps_is_given_up(self) -> None:
        with pytest.raises(PermissionError):
            rename_patiently(refusing(6, PermissionError("held")))

    def test_another_refusal_is_final(self) -> None:
        with pytest.raises(FileNotFoundError):
            rename_patiently(refusing(1, FileNotFoundError()))


class TestRefusals:
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
    def test_no_room_is_said_to_be_no_room(self, code: int) -> None:
        with pytest.raises(DiskFullError, match="The disk with run is full: make room"), guarded(Path("run")):
            raise OSError(code, "no")

    def test_another_refusal_is_said_in_the_systems_words(self) -> None:
        with pytest.raises(StoreError, match=r"run can not be written \(Read-only"), guarded(Path("run")):
            raise OSError(errno.EROFS, "Read-only file system")

    def test_a_refusal_without_a_number_is_said_as_well(self) -> None:
        with pytest.raises(StoreError, match=r"run can not be written \(odd\)"), guarded(Path("run")):
            raise OSError("odd")

    def test_what_is_not_the_disks_fault_passes(self) -> None:
        with pytest.raises(ZeroDivisionError), guarded(Path("run")):
            raise ZeroDivisionError
