"""Metadata of a session: written, read, and the original's."""

import json
from dataclasses import replace
from typing import Any

import pytest

from protocol.errors import DocumentError
from protocol.session.metadata import (
    ORIGINAL_CHUNKS,
    ChunkGrid,
    GapCount,
    SessionMetadata,
    chunk_grids,
    metadata_json,
    parse_metadata,
)

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


class TestParseMetadata:
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

    @pytest.mark.parametrize("created", ["soon", 7, None])
    def test_a_time_that_is_none_is_named_in_our_own_words(self, created: object) -> None:
        with pytest.raises(DocumentError, match=f"'{created}' is not the time of a recording"):
            parse_metadata(json.dumps({"session_id": "x", "created_at": created}).encode())

    @pytest.mark.parametrize("regions", ODD_REGIONS)
    def test_regions_that_are_none_are_said(self, regions: object) -> None:
        document = {**json.loads(metadata_json(METADATA)), "regions": regions}
        with pytest.raises(DocumentError, match="the metadata do not give its regions"):
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
