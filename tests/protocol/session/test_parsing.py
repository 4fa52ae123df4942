"""The files of a session folder back into values."""

import json
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import DocumentError
from protocol.session.documents import (
    EventRecord,
    FrameRecord,
    FrameSet,
    GapCount,
    ScanChanges,
    SessionMetadata,
    event_json,
    event_line,
    metadata_json,
)
from protocol.session.parsing import (
    ORIGINAL_CHUNKS,
    ChunkGrid,
    chunk_grids,
    parse_event,
    parse_event_line,
    parse_metadata,
)

GRIDS = {"iwram": ChunkGrid(0x0300_0000, (0, 16, 32, 48, 64)), "ewram": ChunkGrid(0x0200_0000, (0, 4, 24, 52))}

METADATA = SessionMetadata(
    session_id="20260102-030405-demo",
    created=1753996829216,
    total_frame_sets=3,
    num_frames_per_set=5,
    first_set=0,
    last_set=2,
    source_csv="",
    game_config="demo.json",
    is_custom_name=True,
    game_name="Démo",
    resume_sha256="c0ffee",
    ended=1753996830001,
    ended_by="enough",
    recorder={"client": "BizHawk 2.11.1", "regions": [{"name": "iwram", "base": 0x0300_0000, "size": 72}]},
    lost=GapCount(1, 2, 3),
)

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

word = st.integers(0, 0xFFFF_FFFF)


rows = st.dictionaries(st.integers(0, 15), st.tuples(word, word, st.integers(1, 100)), max_size=4)
keys = st.sampled_from(["", "A", "A+L"])


def chunk(region: str, index: int) -> int:
    """The chunk that a word is in."""
    return sum(first <= 4 * index for first in GRIDS[region].firsts) - 1


def scan(region: str, frame: int, number: int, told: list[tuple[int, int, int, int]]) -> ScanChanges:
    """Make columns of rows of offset, value before, value now and freq."""
    offsets, previous, current, freq = (np.array(column, np.uint32) for column in zip(*told, strict=True))
    addresses = offsets + np.uint32(GRIDS[region].base)
    return ScanChanges(region, number, frame, addresses, previous, current, freq.astype(np.uint16))


@st.composite
def frame_sets(draw: st.DrawFn) -> FrameSet:
    first = draw(st.integers(0, 1 << 40))
    frames = tuple(
        FrameRecord(first + at, draw(st.integers(0, 1 << 45)), draw(word), draw(keys), ("None",))
        for at in range(draw(st.integers(1, 5)))
    )
    changes = [
        scan(region, frame.frame, number, [(4 * index, *values) for index, values in in_chunk])
        for frame in frames
        for region in GRIDS
        for number, in_chunk in groupby(sorted(draw(rows).items()), lambda item, region=region: chunk(region, item[0]))  # type: ignore[misc]
    ]
    flaws = tuple(draw(st.lists(st.text(), max_size=2)))
    return FrameSet(draw(st.integers(0, 1 << 30)), frames, tuple(changes), flaws, b"png")


class TestEvent:
    @given(frame_sets())
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
    def test_a_later_converter_of_the_original_tells_of_each_frame(
        self, said: dict[str, Any], keys: list[str], pcs: list[int]
    ) -> None:
        document = {name: value for name, value in ORIGINAL.items() if name not in {"pc", "current_keys"}}
        frames = parse_event(json.dumps(document | said).encode()).frames
        assert [frame.current_keys for frame in frames] == keys
        assert [frame.pc for frame in frames] == pcs
        assert {frame.timestamp for frame in frames} == {ORIGINAL["timestamp"]}

    def test_a_set_of_the_original_tells_its_time_once_for_all_frames(self) -> None:
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

    @pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'{"a": 1'])
    def test_what_is_no_object_is_said(self, data: bytes) -> None:
        for parse in (parse_event, parse_metadata, parse_event_line):
            with pytest.raises(DocumentError, match=r"it is not (a )?JSON"):
                parse(data)


ODD_REGIONS: list[object] = [
    None,
    7,
    [],
    [[]],
    [1, 2],
    [{"name": "iwram"}],
    [{"name": "iwram", "size": 64}],
    [{"name": "iwram", "base": 0, "size": 1 << 40}],
    [{"name": "iwram", "base": 0, "size": 64}] * 2,
    [{"name": f"r{n}", "base": 0, "size": 64} for n in range(17)],
]


class TestMetadata:
    @pytest.mark.parametrize(
        ("at", "created"),
        [
            ("2025-07-31T21:20:29.216+00:00", 1753996829216),
            ("2025-07-31T23:20:29.216", 1753996829000),
            ("yesterday", 1753996829000),
        ],
    )
    def test_a_text_with_a_zone_is_more_exact_than_whole_seconds(self, at: str, created: int) -> None:
        document = {"session_id": "x", "created_timestamp": 1753996829, "created_at": at}
        assert parse_metadata(json.dumps(document).encode()).created == created

    @pytest.mark.parametrize("changes", [{}, {"ended": None, "ended_by": None}, {"first_set": None, "last_set": None}])
    def test_what_is_written_is_read(self, changes: dict[str, Any]) -> None:
        written = replace(METADATA, **changes)
        assert parse_metadata(metadata_json(written)) == written

    def test_the_originals_ten_keys_are_enough(self) -> None:
        document = dict(list(json.loads(metadata_json(METADATA)).items())[:10])
        read = parse_metadata(json.dumps(document).encode())
        assert (read.session_id, read.created, read.recorder) == (METADATA.session_id, METADATA.created, {})
        assert (read.resume_sha256, read.ended, read.ended_by, read.lost) == ("", None, None, GapCount())

    def test_without_a_session_id_it_is_none(self) -> None:
        with pytest.raises(DocumentError, match="the key `session_id` is missing"):
            parse_metadata(b"{}")

    @pytest.mark.parametrize("created", ["soon", 7])
    def test_a_time_that_is_none_is_said(self, created: object) -> None:
        with pytest.raises(DocumentError, match="a value is not what it should be"):
            parse_metadata(json.dumps({"session_id": "x", "created_at": created}).encode())

    @pytest.mark.parametrize("regions", ODD_REGIONS)
    def test_regions_that_are_none_are_said(self, regions: object) -> None:
        document = {**json.loads(metadata_json(METADATA)), "regions": regions}
        with pytest.raises(DocumentError, match="the metadata do not tell its regions"):
            parse_metadata(json.dumps(document).encode())

    @pytest.mark.parametrize(
        "odd",
        [
            {"num_frames_per_set": 10**9},
            {"num_frames_per_set": "x"},
            {"total_frame_sets": -1},
            {"frame_set_id_range": [1, 2]},
            {"frame_set_id_range": {"min": "first"}},
            {"lost": {"flawed": None}},
            {"created_timestamp": 1e300},
            {"created_timestamp": -1},
            {"ended_at": "0001-01-01T00:00:00+00:00"},
            {"ended_by": 7},
            {"game_name": ["Demo"]},
        ],
        ids=str,
    )
    def test_a_value_of_another_kind_is_said(self, odd: dict[str, object]) -> None:
        with pytest.raises(DocumentError):
            parse_metadata(json.dumps({**json.loads(metadata_json(METADATA)), **odd}).encode())

    def test_regions_are_cut_as_they_were_recorded(self) -> None:
        assert chunk_grids(METADATA) == {"iwram": ChunkGrid(0x0300_0000, (0, 16, 32, 48, 64))}

    def test_regions_that_were_cut_otherwise_are_cut_so_again(self) -> None:
        region = {"name": "iwram", "base": 0x0300_0000, "size": 72, "chunk_sizes": [4, 40, 8, 16, 4]}
        odd = parse_metadata(metadata_json(replace(METADATA, recorder={**METADATA.recorder, "regions": [region]})))
        assert chunk_grids(odd) == {"iwram": ChunkGrid(0x0300_0000, (0, 4, 44, 52, 68))}

    @pytest.mark.parametrize("sizes", [[72], [4, 40, 8, 16, 8], "4", [4, 40, 8, 16, 4.0], [4, 40, 8, 16, True], {}])
    def test_chunk_sizes_that_do_not_cover_a_region_are_said(self, sizes: object) -> None:
        region = {"name": "iwram", "base": 0x0300_0000, "size": 72, "chunk_sizes": sizes}
        with pytest.raises(DocumentError, match="the chunk sizes of region 'iwram'"):
            parse_metadata(metadata_json(replace(METADATA, recorder={**METADATA.recorder, "regions": [region]})))

    def test_regions_of_the_original_are_cut_as_it_did(self) -> None:
        assert chunk_grids(replace(METADATA, recorder={})) is ORIGINAL_CHUNKS


class TestEventLine:
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
