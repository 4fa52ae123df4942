"""The document of `event.json` without its rows."""

import orjson
import pytest

from protocol.session.event_document import END_BYTES, count_changes, event_ends, split_event
from protocol.session.event_json import event_json
from tests.daemon.exporting.recordings import frame_sets


def test_rows_are_counted_by_region() -> None:
    data = event_json(next(frame_sets(1)))
    document, counts = count_changes(data)
    assert counts == {"iwram": 1, "ewram": 2}
    assert document == {**orjson.loads(data), "memory_changes": []}
    assert count_changes(orjson.dumps(orjson.loads(data), option=orjson.OPT_INDENT_2))[1] == counts


def test_both_ends_hold_everything_but_rows_and_frames() -> None:
    data = event_json(next(frame_sets(1)))
    document = orjson.loads(data)
    assert event_ends(data[: END_BYTES[0]], data[-END_BYTES[1] :]) == {
        name: value for name, value in document.items() if name not in {"memory_changes", "frames"}
    }


@pytest.mark.parametrize(("head", "tail"), [(20, 512), (1024, 10), (0, 0)])
def test_ends_that_are_too_short_are_none(head: int, tail: int) -> None:
    data = event_json(next(frame_sets(1)))
    assert event_ends(data[:head], data[len(data) - tail :]) is None


def test_ends_of_another_hand_are_none() -> None:
    ours = event_json(next(frame_sets(1)))
    other = orjson.dumps(orjson.loads(ours), option=orjson.OPT_INDENT_2)
    assert event_ends(other[:1024], other[-512:]) is None
    assert event_ends(ours[:1024], b',"whole":true,"flaws"') is None


def test_another_layout_is_left_to_the_parser() -> None:
    document = orjson.loads(event_json(next(frame_sets(1))))
    assert split_event(orjson.dumps(document, option=orjson.OPT_INDENT_2)) is None
    assert split_event(orjson.dumps(document)) is None
    assert split_event(b"{}") is None
