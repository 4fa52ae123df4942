"""Frame sets as the bytes of `event.json`: keys, order, every value of every row, whatever wrote them."""

import json
from itertools import count, groupby
from typing import Any

import jsonschema_rs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import DocumentError
from protocol.session.change_rows import MAX_FREQ
from protocol.session.event_json import event_json, parse_event
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.metadata import ChunkGrid

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


EVENT_VALIDATOR = jsonschema_rs.validator_for(
    exactly(
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
        EVENT_VALIDATOR.validate(document)
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


def test_a_thousand_rows_keep_their_order() -> None:
    numbers = count()
    changes = tuple(scan("iwram", at, [(next(numbers), 0, 1, 1) for _ in range(10)]) for at in range(100))
    document = json.loads(event_json(FrameSet(0, (frame(),), changes, (), b"")))
    assert [int(change["address"], 16) for change in document["memory_changes"]] == list(range(1000))


GRIDS = {"iwram": ChunkGrid(0x0300_0000, (0, 16, 32, 48, 64)), "ewram": ChunkGrid(0x0200_0000, (0, 4, 24, 52))}

ORIGINAL_ROW = {
    "region": "iwram",
    "frame": 8,
    "address": "03000000",
    "prev_val": "00000000",
    "curr_val": "00000003",
    "freq": 1,
}

ORIGINAL = {
    "timestamp": 1753996829216,
    "pc": "000001F8",
    "current_keys": ["A+Right"],
    "frame_set_id": 1,
    "frames_in_set": [8, 9, 11, 12, 13],
    "memory_changes": [ORIGINAL_ROW],
}

rows = st.dictionaries(st.integers(0, 15), st.tuples(word, word, st.integers(1, 100)), max_size=4)


def chunk(region: str, index: int) -> int:
    """The chunk that a word is in."""
    return sum(first <= 4 * index for first in GRIDS[region].firsts) - 1


def chunked_scan(region: str, frame: int, number: int, told: list[tuple[int, int, int, int]]) -> ScanChanges:
    """Make columns of rows of offset, value before, value now and freq."""
    offsets, previous, current, freq = (np.array(column, np.uint32) for column in zip(*told, strict=True))
    addresses = offsets + np.uint32(GRIDS[region].base)
    return ScanChanges(region, number, frame, addresses, previous, current, freq.astype(np.uint16))


@st.composite
def chunked_sets(draw: st.DrawFn) -> FrameSet:
    first = draw(st.integers(0, 1 << 40))
    frames = tuple(
        FrameRecord(first + at, draw(st.integers(0, 1 << 45)), draw(word), draw(keys), ("None",))
        for at in range(draw(st.integers(1, 5)))
    )
    changes = [
        chunked_scan(region, frame.frame, number, [(4 * index, *values) for index, values in in_chunk])
        for frame in frames
        for region in GRIDS
        for number, in_chunk in groupby(sorted(draw(rows).items()), lambda item, region=region: chunk(region, item[0]))  # type: ignore[misc]
    ]
    flaws = tuple(draw(st.lists(st.text(), max_size=2)))
    return FrameSet(draw(st.integers(0, 1 << 30)), frames, tuple(changes), flaws, b"png")


class TestParseEvent:
    @given(chunked_sets())
    def test_what_is_written_is_read(self, written: FrameSet) -> None:
        read = parse_event(event_json(written), b"png", GRIDS)
        assert event_json(read) == event_json(written)
        assert (read.frames, read.flaws, read.png) == (written.frames, written.flaws, b"png")
        assert [scan.chunk for scan in read.changes] == [scan.chunk for scan in written.changes]

    @pytest.mark.parametrize(
        ("said", "keys", "pcs"),
        [
            ({"buttons": ["A", "None", "A+Up", None, ["B", "L"]]}, ["A", "", "A+Up", "", "B+L"], [0] * 5),
            ({"buttons": ["A"], "program_counters": ["000001F8", 16]}, ["A", "", "", "", ""], [0x1F8, 16, 0, 0, 0]),
            ({"buttons": "A", "program_counters": []}, ["A"] * 5, [0] * 5),
        ],
    )
    def test_a_later_converter_of_the_original_describes_each_frame(
        self, said: dict[str, Any], keys: list[str], pcs: list[int]
    ) -> None:
        document = {name: value for name, value in ORIGINAL.items() if name not in {"pc", "current_keys"}}
        frames = parse_event(json.dumps(document | said).encode()).frames
        assert [frame.current_keys for frame in frames] == keys
        assert [frame.pc for frame in frames] == pcs
        assert {frame.timestamp for frame in frames} == {ORIGINAL["timestamp"]}

    def test_a_set_of_the_original_has_one_time_for_all_frames(self) -> None:
        read = parse_event(json.dumps(ORIGINAL, indent=4).encode())
        assert [frame.frame for frame in read.frames] == [8, 9, 11, 12, 13]
        assert {(frame.timestamp, frame.pc, frame.current_keys) for frame in read.frames} == {
            (1753996829216, 0x1F8, "A+Right")
        }
        (scan,) = read.changes
        assert (scan.region, scan.frame, scan.chunk, scan.addresses.tolist()) == ("iwram", 8, 0, [0x0300_0000])

    @pytest.mark.parametrize(
        ("keys", "held"),
        [
            ([], ""),
            (["None"], ""),
            ("None", ""),
            ("A", "A"),
            (["A", "B"], "A+B"),
            ([["A", "None"], "L"], "A+L"),
            (None, ""),
        ],
    )
    def test_the_originals_ways_of_saying_what_is_held(self, keys: object, held: str) -> None:
        assert parse_event(json.dumps({**ORIGINAL, "current_keys": keys}).encode()).frames[0].current_keys == held

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"frames_in_set": []}, "it has no frames"),
            ({"pc": "xyz"}, "a value is not what it should be"),
            ({"pc": 7}, "a value is not what it should be"),
            ({"memory_changes": [{}]}, "the key `region` is missing"),
            ({"memory_changes": [{**ORIGINAL_ROW, "address": "1FFFFFFFF"}]}, "a value is not"),
            ({"memory_changes": [{**ORIGINAL_ROW, "curr_val": "-1"}]}, "a value is not"),
            ({"memory_changes": [{**ORIGINAL_ROW, "freq": 70000}]}, "a value is not"),
            ({"memory_changes": 7}, "a value is not what it should be"),
            ({"frame_set_id": None}, "a value is not what it should be"),
        ],
    )
    def test_what_is_damaged_is_said(self, changes: dict[str, Any], sentence: str) -> None:
        with pytest.raises(DocumentError, match=sentence):
            parse_event(json.dumps({**ORIGINAL, **changes}).encode())

    @pytest.mark.parametrize("key", ORIGINAL)
    def test_a_missing_key_is_named(self, key: str) -> None:
        document = {name: value for name, value in ORIGINAL.items() if name != key}
        with pytest.raises(DocumentError, match=f"the key `{key}` is missing"):
            parse_event(json.dumps(document).encode())
