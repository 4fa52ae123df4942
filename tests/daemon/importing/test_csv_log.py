"""The log as columns, against the csv module and everything that can be odd about a line."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.importing.csv_log import COLUMNS, LogRows, parse_rows
from tests.daemon.importing.made import log_row


def plain(rows: LogRows, run: int, row: int) -> dict[str, object]:
    """A row as the csv module would have it, with the keys of the last row of its run."""
    keys_from = rows.keys_from[run]
    history, keys = rows.text[rows.history_from[run] : keys_from - 1], rows.text[keys_from : rows.keys_to[run]]
    return {
        "timestamp": int(rows.timestamp[run]),
        "region": rows.regions[rows.region[run]],
        "frame": int(rows.frame[run]),
        "address": f"{rows.address[row]:08X}",
        "prev_val": f"{rows.previous[row]:08X}",
        "curr_val": f"{rows.current[row]:08X}",
        "freq": int(rows.freq[row]),
        "pc": f"{rows.pc[run]:08X}",
        "key_history": history.decode(),
        "current_keys": keys.decode(),
        "frame_set_id": int(rows.frame_set[run]),
        "chunk_id": int(rows.chunk[run]),
    }


word = st.integers(0, 0xFFFF_FFFF).map(lambda value: f"{value:08X}")
keys = st.sampled_from(["None", "A", "A+Right", "", "Comma,Key", 'Quote"Key', "Ü"])
rows = st.fixed_dictionaries(  # few of some values, so that there are runs
    {
        "timestamp": st.sampled_from([7, 1753996829216]) | st.integers(0, 10**16 - 1),
        "region": st.sampled_from(["iwram", "iwram", "ewram", "a_region_of_long_name"]),
        "frame": st.sampled_from([8, 9, 100_000_008]) | st.integers(0, 10**10 - 1),
        "address": word,
        "prev_val": word,
        "curr_val": word,
        "freq": st.integers(0, 999),
        "pc": st.just("000001F8") | word,
        "key_history": keys,
        "current_keys": keys,
        "frame_set_id": st.just(3) | st.integers(0, 10**10 - 1),
        "chunk_id": st.integers(0, 1),
    }
)


@given(st.lists(rows), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_rows_are_read_as_the_csv_module_reads_them(written: list[dict[str, object]], end: str, ended: bool) -> None:
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator=end)
    table.writerows(written)
    block = text.getvalue() if ended else text.getvalue().removesuffix(end)
    read, faults = parse_rows(block.encode(), 7)
    assert (faults, len(read), read.lines) == ([], len(written), len(written))
    assert read.line.tolist() == [7 + first for first in read.first.tolist()]
    ends: list[int] = [*read.first[1:].tolist(), len(read)]
    for run, (first, after) in enumerate(zip(read.first.tolist(), ends, strict=False)):
        keys_of_run = {name: written[after - 1][name] for name in ("key_history", "current_keys")}
        for row in range(first, after):
            assert plain(read, run, row) == written[row] | keys_of_run


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,2,3", "it has 3 columns instead of 12"),
        (log_row() + ",", "it has 13 columns instead of 12"),
        (log_row(address="0300000G"), "its address is not 8 hex digits"),
        (log_row(address="3000000"), "its address is not 8 hex digits"),
        (log_row(prev_val="-0000001"), "its prev_val is negative"),
        (log_row(pc="0x0001F8"), "its pc is not 8 hex digits"),
        (log_row(frame=-8), "its frame is negative"),
        (log_row(frame=8.5), "its frame is not a whole number"),
        (log_row(frame=""), "its frame is not a whole number"),
        (log_row(timestamp="1.75e12"), "its timestamp is not a whole number"),
        (log_row(frame_set_id=10**10), "its frame_set_id is too large"),
        (log_row(timestamp=10**16), "its timestamp is too large"),
        (log_row(freq=1000), "its freq is more than 999"),
        (log_row(region="iw ram"), "its region cannot be the name of a region"),
        (log_row(region=""), "its region cannot be the name of a region"),
        ('"' + log_row(), "it has 1 column instead of 12"),
        ("\0" * 40, "it has 1 column instead of 12"),
    ],
)
def test_a_line_that_is_no_row_is_told_with_its_reason(line: str, reason: str) -> None:
    read, (fault,) = parse_rows("\n".join([log_row(1), line, log_row(2)]).encode())
    assert (fault.line, fault.reason, fault.text, fault.header) == (2, reason, line.encode(), False)
    assert read.frame_set[:2].tolist() == [1, 2]
    assert read.line.tolist() == [1, 3]


def test_a_header_is_known_as_such() -> None:
    read, (fault,) = parse_rows((",".join(COLUMNS) + "\r\n" + log_row() + "\r\n").encode())
    assert fault.header
    assert len(read) == 1


def test_lower_case_digits_are_digits() -> None:
    read, faults = parse_rows(log_row(address="0300abcd").encode())
    assert faults == []
    assert read.address.tolist() == [0x0300ABCD]


@pytest.mark.parametrize("block", [b"", b"\n", b"\r\n\r\n", b"   \n"])
def test_nothing_is_neither_row_nor_fault(block: bytes) -> None:
    read, faults = parse_rows(block)
    assert (len(read), faults) == (0, [])


@given(st.binary())
def test_any_bytes_are_rows_or_faults(block: bytes) -> None:
    read, faults = parse_rows(block)
    lines = [line for line in block.split(b"\n") if line.strip()]
    assert len(read) + len(faults) == len(lines)
