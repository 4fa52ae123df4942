"""How a log begins, and what is none."""

from pathlib import Path

import pytest

from daemon.importing.log_file import first_time
from protocol.errors import LogError
from tests.daemon.importing.made import START, log_row, write_log


def test_the_first_time_is_that_of_the_first_row(tmp_path: Path) -> None:
    assert first_time(write_log(tmp_path / "log.csv", ["timestamp,region", "", "odd", log_row(0, 3)])) == START + 48


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_ends_of_lines_and_a_mark_make_no_difference(tmp_path: Path, end: str, encoding: str) -> None:
    log = tmp_path / "log.csv"
    log.write_text(log_row(0, 3) + end, encoding=encoding, newline="")
    assert first_time(log) == START + 48


def test_many_odd_lines_may_come_first(tmp_path: Path) -> None:
    assert first_time(write_log(tmp_path / "log.csv", [*["odd"] * 50_000, log_row(0, 3)])) == START + 48


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"timestamp,region\n", "is empty"),
        (b"\nhello\n", "no line is a row of it. Line 2: it has 1 column instead of 12"),
        (b"a\nb\n" + b"x" * 70_000, "line 3: a line of more than 65536 bytes"),
        (b"a\nb\n" + b"x" * 700_000, "line 3: a line of more than 65536 bytes"),
    ],
)
def test_what_is_no_log_is_told(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "log.csv").write_bytes(data)
    with pytest.raises(LogError, match=says):
        first_time(tmp_path / "log.csv")


def test_a_log_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"log\.csv cannot be read"):
        first_time(tmp_path / "log.csv")
