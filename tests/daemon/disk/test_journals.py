"""Files that only grow, one line at a time."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from daemon.disk import journals
from daemon.disk.journals import ChainedJournal, GrowingFile, truncate_partial_line
from protocol.disk import complete_lines
from protocol.session.hash_chain import HashChain, unchained


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


ONE, TWO, THREE = b'{"n":1}\n', b'{"n":2}\n', b'{"n":3}\n'


def written(journal: Path) -> list[bytes]:
    """The lines of a journal, which must follow from each other, without their links."""
    lines, chain = complete_lines(journal), HashChain()
    assert [line for line in lines if not chain.follow(line)] == []
    return [unchained(line) + b"\n" for line in lines]


class TestAppending:
    @pytest.mark.parametrize("stays_open", [False, True])
    def test_lines_come_one_behind_the_other(self, journal: Path, stays_open: bool) -> None:
        lines = ChainedJournal(journal, stays_open=stays_open)
        lines.append(ONE)
        lines.append(TWO, THREE)
        lines.close()
        lines.append(ONE)
        lines.close()
        assert written(journal) == [ONE, TWO, THREE, ONE]

    def test_half_a_line_that_a_crash_left_is_taken_away_first(self, journal: Path) -> None:
        ChainedJournal(journal).append(ONE)
        with journal.open("ab") as file:
            file.write(TWO[:4])
        ChainedJournal(journal).append(THREE)
        assert written(journal) == [ONE, THREE]

    def test_a_line_that_does_not_fit_is_not_there_at_all(self, journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        lines = ChainedJournal(journal)
        lines.append(ONE)
        write, room = os.write, [4]

        def tight(descriptor: int, data: Any) -> int:
            if not room[0]:
                raise OSError(errno.ENOSPC, "No space left on device")
            written = write(descriptor, bytes(data)[: room[0]])
            room[0] -= written
            return written

        monkeypatch.setattr(os, "write", tight)
        with pytest.raises(OSError, match="No space"):
            lines.append(TWO)
        monkeypatch.undo()
        assert written(journal) == [ONE]
        lines.append(THREE)
        assert written(journal) == [ONE, THREE]

    def test_a_folder_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            ChainedJournal(tmp_path / "none" / "events.jsonl").append(ONE)


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
        assert truncate_partial_line(journal) == taken
        assert journal.read_bytes() == data[: len(data) - taken]
        assert truncate_partial_line(journal) == 0

    def test_there_is_nothing_to_mend(self, journal: Path) -> None:
        assert truncate_partial_line(journal) == 0
        assert not journal.exists()


class TestAFileThatIsKeptOpen:
    def test_it_grows_behind_what_was_there(self, tmp_path: Path) -> None:
        path = tmp_path / "lines"
        path.write_bytes(b"one\n")
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
    def test_a_line_is_looked_for_at_the_end(self, journal: Path) -> None:
        lines = ChainedJournal(journal)
        lines.append(THREE, *[b'{"filler":true}\n'] * 20_000, ONE, TWO)
        assert lines.tail_contains(ONE)
        assert lines.tail_contains(TWO)
        assert not lines.tail_contains(THREE)

    def test_part_of_a_line_is_not_a_line(self, journal: Path) -> None:
        lines = ChainedJournal(journal)
        lines.append(b'{"n":1,"m":2}\n')
        assert not lines.tail_contains(ONE)

    def test_a_line_longer_than_what_is_looked_through(self, journal: Path) -> None:
        long = b'{"text":"%b"}\n' % (b"x" * 100_000)
        ChainedJournal(journal).append(ONE, long)
        again = ChainedJournal(journal)
        assert again.tail_contains(long)
        again.append(TWO)
        assert written(journal) == [ONE, long, TWO]

    def test_a_file_that_is_not_there_has_none(self, journal: Path) -> None:
        assert not ChainedJournal(journal).tail_contains(ONE)
        assert ChainedJournal(journal).link() == ""


@pytest.mark.parametrize("length", [0, 10, 65_535, 65_536, 65_537, 200_000])
def test_half_a_line_of_any_length_is_taken_away(tmp_path: Path, length: int) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"one\ntwo\n" + b"x" * length)
    assert truncate_partial_line(path) == length
    assert path.read_bytes() == b"one\ntwo\n"
    path.write_bytes(b"x" * length)
    assert truncate_partial_line(path) == length
    assert path.read_bytes() == b""
