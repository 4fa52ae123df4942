"""The rows of a log, against the csv module and everything that can be odd about a line."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.importing.log_rows import COLUMNS, Fault, LogRows, read_rows
from tests.daemon.importing.made import log_row


def read(lines: list[str], size: int = 100, separator: str = ",") -> tuple[list[LogRows], list[Fault]]:
    faults: list[Fault] = []
    batches = [lines[first : first + size] for first in range(0, len(lines), size)]
    return list(read_rows(batches, faults.append, "log.csv", separator)), faults


def cells(rows: LogRows) -> Iterator[dict[str, object]]:
    """The rows as the csv module would have them, with time, program counter and keys of the last of them."""
    changes = rows.changes
    for address, previous, current, freq in zip(
        changes.addresses, changes.previous, changes.current, changes.freq, strict=True
    ):
        yield {
            "timestamp": rows.timestamp,
            "region": changes.region,
            "frame": changes.frame,
            "address": f"{address:08X}",
            "prev_val": f"{previous:08X}",
            "curr_val": f"{current:08X}",
            "freq": int(freq),
            "pc": f"{rows.pc:08X}",
            "key_history": rows.key_history,
            "current_keys": rows.current_keys,
            "frame_set_id": rows.frame_set,
            "chunk_id": changes.chunk,
        }


word = st.integers(0, 0xFFFF_FFFF).map(lambda value: f"{value:08X}")
keys = st.sampled_from(["None", "A", "A+Right", "", "Comma,Key", 'Quote"Key', "Ü"])
written_rows = st.fixed_dictionaries(  # few of some values, so that rows are of the same chunk and frame
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


@given(st.lists(written_rows), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.integers(1, 5))
def test_rows_are_read_as_the_csv_module_reads_them(
    written: list[dict[str, object]], end: str, ended: bool, size: int
) -> None:
    text = io.StringIO()
    csv.DictWriter(text, COLUMNS, lineterminator=end).writerows(written)
    block = text.getvalue() if ended else text.getvalue().removesuffix(end)
    found, faults = read(block.splitlines(keepends=True), size)
    assert faults == []
    rows = [row for each in found for row in cells(each)]
    assert len(rows) == len(written)
    first = 0
    for each in found:
        assert each.place == f"log.csv:{first + 1}"
        last = first + len(each.changes.addresses) - 1
        of_last = {name: written[last][name] for name in ("timestamp", "pc", "key_history", "current_keys")}
        assert rows[first : last + 1] == [row | of_last for row in written[first : last + 1]]
        first = last + 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,2,3", "it has 3 columns instead of 12"),
        (log_row() + ",", "it has 13 columns instead of 12"),
        (log_row(address="0300000G"), "its address is not 8 hex digits"),
        (log_row(address="3000000"), "its address is not 8 hex digits"),
        (log_row(address="0300 000"), "its address is not 8 hex digits"),
        (log_row(prev_val="-0000001"), "its prev_val is negative"),
        (log_row(pc="0x0001F8"), "its pc is not 8 hex digits"),
        (log_row(frame=-8), "its frame is negative"),
        (log_row(frame=8.5), "its frame is not a whole number"),
        (log_row(frame="٨"), "its frame is not a whole number"),
        (log_row(frame=""), "its frame is not a whole number"),
        (log_row(timestamp="1.75e12"), "its timestamp is not a whole number"),
        (log_row(frame_set_id=10**10), "its frame_set_id is too large"),
        (log_row(timestamp=10**16), "its timestamp is too large"),
        (log_row(freq=1000), "its freq is more than 999"),
        (log_row(region="iw ram"), "its region cannot be the name of a region"),
        (log_row(region=""), "its region cannot be the name of a region"),
        ('"' + log_row(), "it has 1 column instead of 12"),
        (log_row()[:-1] + '"0', "its chunk_id is not a whole number"),
        ("\0" * 40, "it has 1 column instead of 12"),
        (log_row() + "\r" + log_row(), "it is not a line of CSV"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_line_that_is_no_row_is_reported_with_its_reason(line: str, reason: str, place: int) -> None:
    lines = [log_row(1), log_row(2)]
    lines.insert(place, line)
    found, (fault,) = read([f"{each}\n" for each in lines])
    assert fault == Fault("log.csv", place + 1, reason, line)
    assert [(each.frame_set, each.line) for each in found] == [(1, 1 + (place == 0)), (2, 2 + (place < 2))]


@pytest.mark.parametrize("line", [",".join(COLUMNS), "Timestamp,region", "sep=,", "SEP=;"])
def test_a_header_is_known_as_such(line: str) -> None:
    (rows,), (fault,) = read([line + "\r\n", log_row() + "\r\n"])
    assert (fault.is_header, rows.line) == (True, 2)


def test_lower_case_digits_and_leading_zeros_are_digits() -> None:
    found, faults = read([log_row(3, 8, address="0300abcd", freq="0007"), log_row(frame_set_id="03", frame="08")])
    assert faults == []
    assert [(rows.frame_set, rows.changes.frame, int(rows.changes.freq[0])) for rows in found] == [(3, 8, 7), (3, 8, 1)]
    assert found[0].changes.addresses.tolist() == [0x0300_ABCD]


@pytest.mark.parametrize("lines", [[], ["\n"], ["\r\n", "\r\n"], ["   \n"]])
def test_nothing_is_neither_row_nor_fault(lines: list[str]) -> None:
    assert read(lines) == ([], [])


@given(st.lists(st.text(st.characters(exclude_characters="\n"))), st.integers(1, 5), st.sampled_from(",;\t"))
def test_any_lines_are_rows_or_faults(lines: list[str], size: int, separator: str) -> None:
    found, faults = read([f"{line}\n" for line in lines], size, separator)
    rows = sum(len(each.changes.addresses) for each in found)
    assert rows + len(faults) == len([line for line in lines if line.strip()])
