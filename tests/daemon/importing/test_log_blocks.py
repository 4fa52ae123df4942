"""Logs cut where one frame set ends and the next begins."""

from pathlib import Path

import pytest

from daemon.importing.csv_log import parse_rows
from daemon.importing.log_blocks import LogBlock, cut_logs
from daemon.importing.log_file import without_mark
from protocol.errors import LogError
from tests.daemon.importing.made import log_row, write_log

ROWS = [log_row(number // 7, number) for number in range(200)]


def text(logs: list[Path], block: LogBlock) -> bytes:
    return b"".join(logs[span.log].read_bytes()[span.start : span.start + span.size] for span in block)


def sets(data: bytes) -> set[int]:
    return set(parse_rows(without_mark(data))[0].frame_set.tolist())


@pytest.mark.parametrize("size", [1, 90, 1000, 5000, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_byte_is_in_one_block_and_every_set_as_well(tmp_path: Path, size: int, end: str) -> None:
    log = write_log(tmp_path / "log.csv", ROWS, end)
    blocks = list(cut_logs([log], size))
    assert b"".join(text([log], block) for block in blocks) == log.read_bytes()
    found = [sets(text([log], block)) for block in blocks]
    assert sum(map(len, found)) == len(set().union(*found)) == 29
    assert len(blocks) == 1 if size == 1 << 20 else len(blocks) > 2


def test_a_set_that_goes_on_in_the_next_log_is_one_block(tmp_path: Path) -> None:
    logs = [write_log(tmp_path / f"{first}.csv", ROWS[first : first + 50]) for first in (0, 50, 100, 150)]
    blocks = list(cut_logs(logs, 1000))
    assert [span.log for block in blocks for span in block] == sorted(span.log for block in blocks for span in block)
    assert sum(len(sets(text(logs, block))) for block in blocks) == 29
    assert b"".join(text(logs, block) for block in blocks) == b"".join(log.read_bytes() for log in logs)


def test_odd_lines_are_no_place_to_cut(tmp_path: Path) -> None:
    odd = [log_row(1, 1), "1,2,3", "", log_row(99, -1), log_row(1, 1), 'half "a line', log_row(2, 2)]
    log = write_log(tmp_path / "log.csv", odd)
    blocks = [text([log], block).decode().splitlines() for block in cut_logs([log], 1)]
    assert blocks == [odd[:6], odd[6:]]


def test_a_set_larger_than_a_block_stays_whole(tmp_path: Path) -> None:
    large = [log_row(0, frame) for frame in range(2000)]
    log = write_log(tmp_path / "log.csv", [*large, log_row(1, 2000)])
    first, second = cut_logs([log], 1000)
    assert (sets(text([log], first)), sets(text([log], second))) == ({0}, {1})


def test_a_file_without_lines_is_told(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv", [*ROWS, "x" * 300_000])
    with pytest.raises(LogError, match=r"line 201: a line of more than 65536 bytes"):
        list(cut_logs([log], log.stat().st_size - 200_000))


def test_an_empty_log_has_no_blocks(tmp_path: Path) -> None:
    assert list(cut_logs([write_log(tmp_path / "log.csv", [])])) == []


def test_a_log_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"log\.csv cannot be read"):
        list(cut_logs([tmp_path / "log.csv"]))
