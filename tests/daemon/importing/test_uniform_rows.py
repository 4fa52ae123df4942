"""Rows of one layout are read as any others are, and rows of another are left to others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.importing import csv_log
from daemon.importing.csv_log import COLUMNS, parse_rows
from daemon.importing.uniform_rows import LONGEST_TAIL, UniformRows, uniform_rows
from tests.daemon.importing.made import log_row

PADDING = bytes(LONGEST_TAIL)


def uniform(rows: list[str], end: str = "\n") -> UniformRows | None:
    text = "".join(row + end for row in rows).encode()
    return uniform_rows(PADDING + text + PADDING, len(PADDING), len(PADDING) + len(text))


ROWS = [
    log_row(7, 100, address="03000004", prev_val="0000000A", curr_val="ffffFFFF", freq=1),
    log_row(7, 100, address="03000008", freq=12),
    log_row(7, 100, address="0300000C", freq=100),
    log_row(7, 101, address="03000004", freq=9),
    log_row(8, 101, address="03000004", freq=9),
    log_row(8, 101, address="03000008", freq=9, key_history="None | A"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_words_and_runs(end: str) -> None:
    found = uniform(ROWS, end)
    assert found is not None
    assert found.address.tolist() == [0x0300_0004, 0x0300_0008, 0x0300_000C, 0x0300_0004, 0x0300_0004, 0x0300_0008]
    assert (found.previous[0], found.current[0]) == (10, 0xFFFF_FFFF)
    assert found.freq.tolist() == [1, 12, 100, 9, 9, 9]
    assert found.first.tolist() == [0, 3, 4, 5]
    assert found.lines.decode().splitlines() == [ROWS[0], ROWS[3], ROWS[4], ROWS[5]]


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "odd",
        log_row(7, 1000),
        log_row(7, 100, address="0300000G"),
        log_row(7, 100, freq=""),
        log_row(7, 100, freq="1x"),
        log_row(7, 100, freq=1000),
        log_row(7, 100, region="palette"),
        log_row(7, 100, current_keys="A+" * 200),
        log_row(7, 100).replace(",03000000", ";03000000"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, len(ROWS)])
def test_a_line_of_another_layout_leaves_all_to_others(odd: str, place: int) -> None:
    assert uniform([*ROWS[:place], odd, *ROWS[place:]]) is None


def test_nothing_is_none() -> None:
    assert uniform([]) is None


_ROW = st.builds(
    lambda number, frame, address, freq, keys: log_row(
        number, frame, address=f"{address:08X}", freq=freq, current_keys=keys
    ),
    st.integers(0, 2),
    st.sampled_from([98, 99, 100]),
    st.integers(0, 0xFFFF_FFFF),
    st.integers(0, 1100),
    st.sampled_from(["None", "A", "B", "A+Right", "A\0"]),
)


@given(st.lists(_ROW, min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_whichever_way_rows_are_read_they_are_the_same(rows: list[str], end: str) -> None:
    block = "".join(row + end for row in rows).encode()
    (one, faults), (other, same) = parse_rows(block, 5), csv_log._any_rows(csv_log._padded(block), 5)
    assert faults == same
    for name in ("address", "previous", "current", "freq"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    for name in ("line", "timestamp", "region", "frame", "pc", "frame_set", "chunk"):
        assert spread(one, name) == spread(other, name), COLUMNS
    assert one.lines == other.lines


def test_rows_with_next_to_nothing_before_their_words_are_read() -> None:
    rows, faults = parse_rows(2 * b"1,_,8,03000000,00000000,00000001,1,08000102,None,None,0,0\n")
    assert (rows.timestamp.tolist(), len(rows), faults) == ([1], 2, [])


def spread(rows: csv_log.LogRows, name: str) -> list[int]:
    """What each row says of a column that runs tell; of lines, those of the first row of each (set, frame)."""
    ends = [*rows.first[1:].tolist(), len(rows)]
    told = [
        [value] * (end - first)
        for value, first, end in zip(getattr(rows, name).tolist(), rows.first.tolist(), ends, strict=True)
    ]
    return [value for run in told for value in run] if name != "line" else [told[0][0]] if told else []
