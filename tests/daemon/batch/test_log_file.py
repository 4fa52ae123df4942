"""A log in blocks of any size."""

from pathlib import Path

import pytest

from daemon.batch.log_file import first_time, read_log
from protocol.errors import LogError
from tests.daemon.batch.made import START, log_row, write_log

ROWS = [log_row(number, number) for number in range(20)]


@pytest.mark.parametrize("size", [1, 7, 80, 81, 1000, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blocks_do_not_show(tmp_path: Path, size: int, end: str) -> None:
    log = write_log(tmp_path / "log.csv", [*ROWS[:10], "odd", *ROWS[10:]], end)
    blocks = list(read_log(log, size))
    assert [number for block in blocks for number in block.rows.frame_set.tolist()] == list(range(20))
    assert [line for block in blocks for line in block.rows.line.tolist()] == [*range(1, 11), *range(12, 22)]
    assert [fault.line for block in blocks for fault in block.faults] == [11]
    assert sum(block.size for block in blocks) == log.stat().st_size


def test_the_last_line_may_have_no_end(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("\n".join(ROWS))
    assert sum(len(block.rows) for block in read_log(log)) == 20


@pytest.mark.parametrize("size", [2, 1 << 20])
def test_a_byte_order_mark_is_no_part_of_the_first_row(tmp_path: Path, size: int) -> None:
    log = tmp_path / "log.csv"
    log.write_text("\n".join(ROWS), encoding="utf-8-sig")
    blocks = list(read_log(log, size))
    assert sum(len(block.rows) for block in blocks) == 20
    assert not any(block.faults for block in blocks)


def test_the_first_time_is_that_of_the_first_row(tmp_path: Path) -> None:
    assert first_time(write_log(tmp_path / "log.csv", ["timestamp,region", "", "odd", log_row(0, 3)])) == START + 48


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"timestamp,region\n", "is empty"),
        (b"\nhello\n", "no line is a row of it. Line 2: it has 1 columns instead of 12"),
        ("timestamp".encode("utf-16"), "line 1: the file is UTF-16"),
        (b"a\nb\n" + b"x" * 70_000, "line 3: a line of more than 65536 bytes"),
    ],
)
def test_what_is_no_log_is_told(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "log.csv").write_bytes(data)
    with pytest.raises(LogError, match=says):
        first_time(tmp_path / "log.csv")


def test_a_log_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"log\.csv can not be read"):
        first_time(tmp_path / "log.csv")
