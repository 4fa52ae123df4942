"""Rows of changes as columns, written and read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.session.change_rows import change_columns, parse_change_rows
from protocol.session.event_document import split_event
from protocol.session.event_json import event_json, parse_event
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from tests.daemon.exporting.recordings import frame_sets, words

word = st.integers(0, 0xFFFF_FFFF)
scan = st.tuples(
    st.sampled_from(["iwram", "ewram", "vram"]),
    st.integers(0, 999_999_999),
    st.lists(st.tuples(word, word, word, st.integers(0, 999)), min_size=1, max_size=4),
)


def told(number: int, scans: list[tuple[str, int, list[tuple[int, int, int, int]]]]) -> FrameSet:
    changes = []
    for region, frame, rows in scans:
        address, previous, current, freq = zip(*rows, strict=True)
        changes.append(
            ScanChanges(region, 0, frame, words(*address), words(*previous), words(*current), np.array(freq, np.uint16))
        )
    return FrameSet(number, (FrameRecord(1, 2, 3, "", ()),), tuple(changes), ("a flaw, with ],",), b"")


@given(st.lists(st.lists(scan, max_size=3), max_size=4))
def test_what_is_read_is_what_was_written(sets: list[list[tuple[str, int, list[tuple[int, int, int, int]]]]]) -> None:
    written = [told(number, scans) for number, scans in enumerate(sets)]
    split = [split_event(event_json(item)) for item in written]
    known = [part for part in split if part is not None]
    assert len(known) == len(written)
    read = parse_change_rows(range(len(written)), [rows for _, rows in known])
    assert read is not None
    expected = change_columns(written)
    assert read.counts.tolist() == expected.counts.tolist()
    for name in ("frame_set", "frame", "address", "previous", "current", "freq"):
        assert getattr(read, name).tolist() == getattr(expected, name).tolist()
    assert [read.regions[place] for place in read.region] == [expected.regions[place] for place in expected.region]
    for item, (document, _) in zip(written, known, strict=True):
        parsed = parse_event(document)
        assert parsed.changes == ()
        assert parsed.frames == item.frames
        assert parsed.flaws == item.flaws


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b'"freq":7', b'"freq":x'),
        (b'"freq":7', b'"freq":7777'),
        (b'"freq":7', b'"freq":'),
        (b"03000010", b"0300001g"),
        (b"03000010", b"0300001a"),
        (b'"prev_val"', b'"prev_vol"'),
        (b'"frame":1000,', b'"frame":-100,'),
        (b'"region":"iwram"', b'"region":"' + b"w" * 60 + b'"'),
        (b'{"region"', b"{"),
    ],
)
def test_a_row_that_is_not_ours_is_left_to_the_parser(good: bytes, bad: bytes) -> None:
    split = split_event(event_json(next(frame_sets(1))))
    assert split is not None
    assert good in split[1]
    assert parse_change_rows([0], [split[1].replace(good, bad)]) is None


def test_changes_of_many_sets_lie_behind_each_other() -> None:
    columns = change_columns(list(frame_sets(4)))
    assert columns.counts.tolist() == [3, 1, 1, 3]
    assert columns.frame_set.tolist() == [0, 0, 0, 1, 2, 3, 3, 3]
    assert [columns.regions[place] for place in columns.region] == [
        "iwram",
        "ewram",
        "ewram",
        "iwram",
        "iwram",
        "iwram",
        "ewram",
        "ewram",
    ]
    assert columns.address[:3].tolist() == [0x0300_0010, 0x0200_0100, 0x0200_0104]
    assert columns.current.tolist() == [1, 0, 10, 2, 3, 4, 3, 10]
    assert columns.freq[:3].tolist() == [7, 1, 12]


def test_a_part_keeps_the_rows_of_its_sets() -> None:
    columns = change_columns(list(frame_sets(4)))
    part = columns.part(np.array([False, True, False, True]))
    assert part.frame_set.tolist() == [1, 3, 3, 3]
    assert part.current[part.of_set(1)].tolist() == [4, 3, 10]


def test_sets_without_changes_have_empty_columns() -> None:
    columns = change_columns([])
    assert columns.counts.shape == columns.address.shape == (0,)
