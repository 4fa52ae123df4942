"""Files that only grow, one line at a time."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from daemon.disk import journals
from daemon.disk.journals import GrowingFile, append, complete_lines, has_lately, mend


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


class TestAppending:
    def test_lines_come_one_behind_the_other(self, journal: Path) -> None:
        append(journal, b"one\n")
        append(journal, b"two\nthree\n")
        assert complete_lines(journal) == [b"one", b"two", b"three"]

    def test_a_line_that_does_not_fit_is_not_there_at_all(self, journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        append(journal, b"one\n")
        write, room = os.write, [4]

        def tight(descriptor: int, data: Any) -> int:
            if not room[0]:
                raise OSError(errno.ENOSPC, "No space left on device")
            written = write(descriptor, bytes(data)[: room[0]])
            room[0] -= written
            return written

        monkeypatch.setattr(os, "write", tight)
        with pytest.raises(OSError, match="No space"):
            append(journal, b"a long line\n")
        monkeypatch.undo()
        assert journal.read_bytes() == b"one\n"
        append(journal, b"two\n")
        assert complete_lines(journal) == [b"one", b"two"]

    def test_a_folder_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            append(tmp_path / "none" / "events.jsonl", b"one\n")


class TestReading:
    def test_there_is_no_file_yet(self, journal: Path) -> None:
        assert complete_lines(journal) == []

    @pytest.mark.parametrize(
        ("data", "lines"),
        [
            (b"", []),
            (b"half", []),
            (b"one\n", [b"one"]),
            (b"one\nhalf", [b"one"]),
            (b"one\n\ntwo\n", [b"one", b"", b"two"]),
        ],
    )
    def test_half_a_line_is_left_out(self, journal: Path, data: bytes, lines: list[bytes]) -> None:
        journal.write_bytes(data)
        assert complete_lines(journal) == lines
        assert journal.read_bytes() == data


class TestMending:
    @pytest.mark.parametrize(
        ("data", "taken"), [(b"", 0), (b"half", 4), (b"one\n", 0), (b"one\nhalf", 4), (b"one\ntwo\n{", 1)]
    )
    def test_half_a_line_is_taken_away(self, journal: Path, data: bytes, taken: int) -> None:
        journal.write_bytes(data)
        assert mend(journal) == taken
        assert journal.read_bytes() == data[: len(data) - taken]
        assert mend(journal) == 0

    def test_there_is_nothing_to_mend(self, journal: Path) -> None:
        assert mend(journal) == 0
        assert not journal.exists()


class TestAFileThatIsKeptOpen:
    def test_it_grows_behind_what_was_there(self, tmp_path: Path) -> None:
        path = tmp_path / "lines"
        append(path, b"one\n")
        file = GrowingFile(path)
        file.append(b"two\n")
        file.append(b"three\n")
        file.close()
        assert path.read_bytes() == b"one\ntwo\nthree\n"

    def test_a_line_that_does_not_fit_is_taken_back_and_the_next_one_fits(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "lines"
        file = GrowingFile(path)
        file.append(b"one\n")

        def no_room(descriptor: int, data: bytes) -> None:
            os.write(descriptor, data[:2])
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as full:
            full.setattr(journals, "write_all", no_room)
            with pytest.raises(OSError, match="No space"):
                file.append(b"two\n")
        assert path.read_bytes() == b"one\n"
        file.append(b"three\n")
        file.close()
        assert path.read_bytes() == b"one\nthree\n"


class TestWhatIsThereAlready:
    def test_a_line_is_looked_for_at_the_end(self, tmp_path: Path) -> None:
        path = tmp_path / "lines"
        append(path, b"zero\n" + b"filler\n" * 20_000 + b"one\ntwo\n")
        assert has_lately(path, b"one\n")
        assert has_lately(path, b"two\n")
        assert not has_lately(path, b"zero\n")

    def test_part_of_a_line_is_not_a_line(self, tmp_path: Path) -> None:
        path = tmp_path / "lines"
        append(path, b"one and a half\n")
        assert not has_lately(path, b"one\n")
        assert not has_lately(path, b"half\n")

    def test_a_file_that_is_not_there_has_none(self, tmp_path: Path) -> None:
        assert not has_lately(tmp_path / "none", b"one\n")


@pytest.mark.parametrize("length", [0, 10, 65_535, 65_536, 65_537, 200_000])
def test_half_a_line_of_any_length_is_taken_away(tmp_path: Path, length: int) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"one\ntwo\n" + b"x" * length)
    assert mend(path) == length
    assert path.read_bytes() == b"one\ntwo\n"
    path.write_bytes(b"x" * length)
    assert mend(path) == length
    assert path.read_bytes() == b""
