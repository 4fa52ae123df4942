"""Events of a session as lines, and back."""

import json

import pytest

from protocol.errors import DocumentError
from protocol.session.events import EventRecord, event_line, has_jumped, parse_event_line


class TestEvents:
    def test_an_event_is_a_line(self) -> None:
        line = event_line(EventRecord(1, "mark", 7, 300, {"name": "boss\n", "hp": 0.5, "new": True, "old": None}))
        assert line.count(b"\n") == 1
        assert line.endswith(b"\n")
        assert json.loads(line) == {
            "time": 1,
            "name": "mark",
            "frame_set_id": 7,
            "frame": 300,
            "details": {"name": "boss\n", "hp": 0.5, "new": True, "old": None},
        }

    def test_an_event_of_the_daemons_own_has_no_frame(self) -> None:
        assert EventRecord(1, "gap", 7).as_map() == {
            "time": 1,
            "name": "gap",
            "frame_set_id": 7,
            "frame": None,
            "details": {},
        }

    @pytest.mark.parametrize(
        "event",
        [EventRecord(1, "gap", 7, None, {"first": 1}), EventRecord(2, "mark", 0, 300, {"name": "boss", "hp": 0.5})],
    )
    def test_what_is_written_is_read(self, event: EventRecord) -> None:
        assert parse_event_line(event_line(event)) == event

    @pytest.mark.parametrize("line", [b"{}", b'{"time": "x", "name": "gap", "frame_set_id": 1}', b'{"time": 1}'])
    def test_what_is_no_event_is_said(self, line: bytes) -> None:
        with pytest.raises(DocumentError):
            parse_event_line(line)


def test_frames_that_a_log_lacks_are_no_jump() -> None:
    assert not has_jumped((0, 4), (1, 5), 5)
    assert not has_jumped((0, 0), (1, 12), 5)
    assert has_jumped((0, 0), (1, 13), 5)
    assert not has_jumped((0, 0), (2, 13), 5)
    assert has_jumped((0, 4), (1, 4), 5)
