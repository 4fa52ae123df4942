"""The document of `event.json` without its rows."""

import orjson

from protocol.session.event_document import END_BYTES, count_rows, event_ends, split_event
from protocol.session.event_json import event_json
from tests.daemon.exporting.recordings import frame_sets


def test_rows_are_counted_by_region() -> None:
    split = split_event(event_json(next(frame_sets(1))))
    assert split is not None
    assert count_rows(split[1]) == {"iwram": 1, "ewram": 2}


def test_both_ends_hold_everything_but_rows_and_frames() -> None:
    data = event_json(next(frame_sets(1)))
    document = orjson.loads(data)
    assert event_ends(data[: END_BYTES[0]], data[-END_BYTES[1] :]) == {
        name: value for name, value in document.items() if name not in {"memory_changes", "frames"}
    }
    assert event_ends(data[:20], data[-20:]) is None


def test_another_layout_is_left_to_the_parser() -> None:
    document = orjson.loads(event_json(next(frame_sets(1))))
    assert split_event(orjson.dumps(document, option=orjson.OPT_INDENT_2)) is None
    assert split_event(orjson.dumps(document)) is None
    assert split_event(b"{}") is None
