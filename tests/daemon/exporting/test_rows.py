import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.exporting.columns import change_columns
from daemon.exporting.rows import change_rows, without_rows
from protocol.session.documents import FrameRecord, FrameSet, ScanChanges, event_json
from protocol.session.parsing import parse_event
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
    split = [without_rows(event_json(item)) for item in written]
    known = [part for part in split if part is not None]
    assert len(known) == len(written)
    read = change_rows(range(len(written)), [rows for _, rows in known])
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


def test_another_layout_is_left_to_the_parser() -> None:
    document = orjson.loads(event_json(next(frame_sets(1))))
    assert without_rows(orjson.dumps(document, option=orjson.OPT_INDENT_2)) is None
    assert without_rows(orjson.dumps(document)) is None
    assert without_rows(b"{}") is None


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
    split = without_rows(event_json(next(frame_sets(1))))
    assert split is not None
    assert good in split[1]
    assert change_rows([0], [split[1].replace(good, bad)]) is None
