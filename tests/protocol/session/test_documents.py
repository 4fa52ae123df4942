"""The files of a session folder: their keys, their order, every value of every row."""

import json
from itertools import count
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.session.documents import (
    MAX_FREQ,
    EventRecord,
    FrameRecord,
    FrameSet,
    GapCount,
    ScanChanges,
    SessionMetadata,
    event_json,
    event_line,
    hex_word,
    metadata_json,
)

HEX_WORD = {"type": "string", "pattern": "^[0-9A-F]{8}$"}
KEYS = {"type": "array", "items": {"type": "string"}, "maxItems": 1}
TIME = {"type": "integer", "minimum": 0}


def exactly(**properties: object) -> dict[str, object]:
    """The schema of an object with these keys, all of them and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


EVENT_SCHEMA = exactly(
    timestamp=TIME,
    pc=HEX_WORD,
    current_keys=KEYS,
    frame_set_id={"type": "integer", "minimum": 0},
    frames_in_set={"type": "array", "items": {"type": "integer"}, "minItems": 1},
    memory_changes={
        "type": "array",
        "items": exactly(
            region={"type": "string"},
            frame={"type": "integer"},
            address=HEX_WORD,
            prev_val=HEX_WORD,
            curr_val=HEX_WORD,
            freq={"type": "integer", "minimum": 1, "maximum": MAX_FREQ},
        ),
    },
    frames={
        "type": "array",
        "items": exactly(
            frame={"type": "integer"},
            timestamp=TIME,
            pc=HEX_WORD,
            current_keys=KEYS,
            key_history={"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 5},
            position={"type": "integer"},
        ),
    },
    whole={"type": "boolean"},
    flaws={"type": "array", "items": {"type": "string"}},
)

ORIGINAL_KEYS = ["timestamp", "pc", "current_keys", "frame_set_id", "frames_in_set", "memory_changes"]
ORIGINAL_ROW_KEYS = ["region", "frame", "address", "prev_val", "curr_val", "freq"]

Row = tuple[int, int, int, int]


def scan(region: str, frame: int, rows: list[Row], chunk: int = 0) -> ScanChanges:
    """Make columns of rows of address, value before, value now and freq."""
    addresses, previous, current, freq = zip(*rows, strict=True) if rows else ((), (), (), ())
    return ScanChanges(
        region,
        chunk,
        frame,
        np.array(addresses, np.uint32),
        np.array(previous, np.uint32),
        np.array(current, np.uint32),
        np.array(freq, np.uint16),
    )


def frame(number: int = 8, **changes: Any) -> FrameRecord:
    fields: dict[str, Any] = {"timestamp": 1753996829216, "pc": 0x1F8, "current_keys": "", "key_history": ("None",)}
    return FrameRecord(number, **(fields | changes))


def slow_event_json(frame_set: FrameSet) -> dict[str, Any]:
    """Say what `event.json` holds, one value at a time."""
    rows = [
        {
            "region": scanned.region,
            "frame": scanned.frame,
            "address": format(int(scanned.addresses[place]), "08X"),
            "prev_val": format(int(scanned.previous[place]), "08X"),
            "curr_val": format(int(scanned.current[place]), "08X"),
            "freq": int(scanned.freq[place]),
        }
        for scanned in frame_set.changes
        for place in range(len(scanned.addresses))
    ]
    frames = [
        {
            "frame": one.frame,
            "timestamp": one.timestamp,
            "pc": format(one.pc, "08X"),
            "current_keys": [one.current_keys] if one.current_keys else [],
            "key_history": list(one.key_history),
            "position": position,
        }
        for position, one in enumerate(frame_set.frames)
    ]
    last = frames[-1]
    return {
        "timestamp": last["timestamp"],
        "pc": last["pc"],
        "current_keys": last["current_keys"],
        "frame_set_id": frame_set.frame_set_id,
        "frames_in_set": [one["frame"] for one in frames],
        "memory_changes": rows,
        "frames": frames,
        "whole": not frame_set.flaws,
        "flaws": list(frame_set.flaws),
    }


word = st.integers(0, 0xFFFF_FFFF)
row = st.tuples(word, word, word, st.integers(1, MAX_FREQ))
frame_number = st.integers(0, 1 << 40)
keys = st.sampled_from(["", "A", "A+Right", "Up+L+R"])
frame_records = st.builds(
    FrameRecord,
    frame=frame_number,
    timestamp=frame_number,
    pc=word,
    current_keys=keys,
    key_history=st.lists(st.sampled_from(["None", "A", "B+Left"]), min_size=1, max_size=5).map(tuple),
)
frame_sets = st.builds(
    FrameSet,
    frame_set_id=frame_number,
    frames=st.lists(frame_records, min_size=1, max_size=5).map(tuple),
    changes=st.lists(
        st.builds(scan, st.sampled_from(["iwram", "ewram", "r_2"]), frame_number, st.lists(row, max_size=6)), max_size=6
    ).map(tuple),
    flaws=st.lists(st.text(), max_size=2).map(tuple),
    png=st.just(b""),
)


class TestEventJson:
    @given(frame_sets)
    def test_it_has_the_shape_that_the_originals_tools_read(self, frame_set: FrameSet) -> None:
        document = json.loads(event_json(frame_set))
        jsonschema.validate(document, EVENT_SCHEMA)
        assert list(document)[:6] == ORIGINAL_KEYS
        assert all(list(change) == ORIGINAL_ROW_KEYS for change in document["memory_changes"])

    @given(frame_sets)
    def test_every_value_is_what_a_plain_writer_would_write(self, frame_set: FrameSet) -> None:
        written, plain = json.loads(event_json(frame_set)), slow_event_json(frame_set)
        assert written == plain
        assert list(written) == list(plain)

    def test_the_example_of_the_original(self) -> None:
        frames = tuple(frame(number) for number in (8, 9, 11, 12, 13))
        changes = (scan("iwram", 8, [(0x0300_0000, 0, 3, 1)]),)
        document = json.loads(event_json(FrameSet(1, frames, changes, (), b"")))
        assert {key: document[key] for key in ORIGINAL_KEYS} == {
            "timestamp": 1753996829216,
            "pc": "000001F8",
            "current_keys": [],
            "frame_set_id": 1,
            "frames_in_set": [8, 9, 11, 12, 13],
            "memory_changes": [
                {
                    "region": "iwram",
                    "frame": 8,
                    "address": "03000000",
                    "prev_val": "00000000",
                    "curr_val": "00000003",
                    "freq": 1,
                }
            ],
        }

    def test_what_is_said_of_the_set_is_said_of_its_last_frame(self) -> None:
        last = frame(9, timestamp=2, pc=0xFFFF_FFFE, current_keys="A+Right")
        document = json.loads(event_json(FrameSet(0, (frame(8, timestamp=1), last), (), (), b"")))
        assert (document["timestamp"], document["pc"], document["current_keys"]) == (2, "FFFFFFFE", ["A+Right"])

    def test_a_change_is_a_line(self) -> None:
        changes = (scan("iwram", 8, [(4 * n, n, n + 1, 1) for n in range(3)]),)
        lines = event_json(FrameSet(0, (frame(),), changes, (), b"")).splitlines()
        assert len(lines) == 5
        assert json.loads(lines[2].rstrip(b","))["address"] == "00000004"

    @pytest.mark.parametrize("freq", [1, 9, 10, 99, 100, MAX_FREQ])
    def test_freq_is_a_plain_number(self, freq: int) -> None:
        data = event_json(FrameSet(0, (frame(),), (scan("iwram", 8, [(0, 0, 1, freq)]),), (), b""))
        assert f'"freq":{freq}}}'.encode() in data
        assert b"\0" not in data


class TestFrameSet:
    def test_it_is_whole_without_flaws(self) -> None:
        assert FrameSet(0, (frame(),), (), (), b"").whole
        assert not FrameSet(0, (frame(),), (), ("it has 4 of 5 frames",), b"").whole

    def test_changes_are_counted_by_region(self) -> None:
        row = (0, 0, 1, 1)
        changes = (scan("iwram", 8, [row] * 3), scan("ewram", 8, [row]), scan("iwram", 9, [row] * 2))
        assert FrameSet(0, (frame(),), changes, (), b"").change_counts() == {"iwram": 5, "ewram": 1}

    def test_its_summary_is_that_of_the_bus(self) -> None:
        changes = (scan("iwram", 8, [(0, 0, 1, 1)]),)
        frames = (frame(8), frame(9, timestamp=5, pc=16, current_keys="A"))
        assert FrameSet(3, frames, changes, ("odd",), b"png").summary() == {
            "frame_set_id": 3,
            "frames": [8, 9],
            "timestamp": 5,
            "pc": "00000010",
            "current_keys": ["A"],
            "whole": False,
            "flaws": ["odd"],
            "change_counts": {"iwram": 1},
        }


ORIGINAL_METADATA_KEYS = [
    "session_id",
    "created_at",
    "created_timestamp",
    "total_frame_sets",
    "num_frames_per_set",
    "frame_set_id_range",
    "source_csv",
    "game_config",
    "is_custom_name",
    "game_name",
]


def metadata(**changes: Any) -> SessionMetadata:
    fields: dict[str, Any] = {
        "session_id": "20260102-030405-demo",
        "created": 1753996829216,
        "total_frame_sets": 3,
        "num_frames_per_set": 5,
        "first_set": 0,
        "last_set": 2,
        "source_csv": "",
        "game_config": "demo.json",
        "is_custom_name": False,
        "game_name": "Démo",
        "resume_sha256": "c0ffee",
        "ended": None,
        "ended_by": None,
        "recorder": {"client": "BizHawk 2.11.1", "buttons": ("A", "B")},
        "lost": GapCount(frame_sets=1, screenshots=2, flawed=3),
    }
    return SessionMetadata(**(fields | changes))


class TestSessionMetadata:
    def test_the_originals_keys_come_first_and_in_their_order(self) -> None:
        assert list(json.loads(metadata_json(metadata())))[:10] == ORIGINAL_METADATA_KEYS

    def test_its_values_while_the_session_is_open(self) -> None:
        assert json.loads(metadata_json(metadata())) == {
            "session_id": "20260102-030405-demo",
            "created_at": "2025-07-31T21:20:29.216+00:00",
            "created_timestamp": 1753996829,
            "total_frame_sets": 3,
            "num_frames_per_set": 5,
            "frame_set_id_range": {"min": 0, "max": 2},
            "source_csv": "",
            "game_config": "demo.json",
            "is_custom_name": False,
            "game_name": "Démo",
            "ended_at": None,
            "ended_by": None,
            "resume_sha256": "c0ffee",
            "client": "BizHawk 2.11.1",
            "buttons": ["A", "B"],
            "lost": {"frame_sets": 1, "screenshots": 2, "flawed": 3},
        }

    def test_a_session_without_sets_has_a_range_of_nothing(self) -> None:
        document = json.loads(metadata_json(metadata(total_frame_sets=0, first_set=None, last_set=None)))
        assert document["frame_set_id_range"] == {"min": None, "max": None}

    def test_how_it_ended(self) -> None:
        document = json.loads(metadata_json(metadata(ended=1753996830000, ended_by="the script ended")))
        assert document["ended_at"] == "2025-07-31T21:20:30.000+00:00"
        assert document["ended_by"] == "the script ended"

    def test_people_can_read_it(self) -> None:
        lines = metadata_json(metadata()).decode("utf-8").splitlines()
        assert lines[1] == '  "session_id": "20260102-030405-demo",'
        assert lines[-1] == "}"


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


@given(word)
def test_a_word_is_eight_upper_case_digits(value: int) -> None:
    assert len(hex_word(value)) == 8
    assert int(hex_word(value), 16) == value
    assert hex_word(value) == hex_word(value).upper()


def test_a_thousand_rows_keep_their_order() -> None:
    numbers = count()
    changes = tuple(scan("iwram", at, [(next(numbers), 0, 1, 1) for _ in range(10)]) for at in range(100))
    document = json.loads(event_json(FrameSet(0, (frame(),), changes, (), b"")))
    assert [int(change["address"], 16) for change in document["memory_changes"]] == list(range(1000))
