from typing import Any

import pytest

from protocol.session.json_values import json_object
from protocol.session.metadata import GapCount, SessionMetadata, metadata_json
from protocol.session.origin import Origin, Parent
from webui.archive.summaries import summary_of_metadata

RECORDER = {"client": "BizHawk 2.11.1", "rom_name": "Tiny", "regions": [{"name": "iwram", "base": 1, "size": 2}]}


def metadata(**changes: object) -> dict[str, Any]:
    facts = {
        "session_id": "meadow",
        "created": 1_774_000_000_123,
        "total_frame_sets": 7,
        "num_frames_per_set": 4,
        "first_set": 2,
        "last_set": 9,
        "source_csv": "",
        "game_config": "",
        "is_custom_name": False,
        "game_name": "Meadow Quest",
        "resume_sha256": "",
        "ended": 1_774_000_060_000,
        "ended_by": "the script ended",
        "recorder": RECORDER,
        "lost": GapCount(flawed=3),
    }
    return json_object(metadata_json(SessionMetadata(**{**facts, **changes})))  # type: ignore[arg-type]


def test_a_session_of_ours_is_summed_up_as_the_bus_would() -> None:
    assert summary_of_metadata("meadow", metadata()) == {
        "session_id": "meadow",
        "state": "ended",
        "since": 1_774_000_060_000,
        "created": 1_774_000_000_123,
        "ended_by": "the script ended",
        "problem": "",
        "game_name": "Meadow Quest",
        "rom_name": "Tiny",
        "rom_hash": "",
        "client": "BizHawk 2.11.1",
        "scan_mode": "",
        "reader": "",
        "frames_per_set": 4,
        "frame_sets": 7,
        "first_set": 2,
        "last_set": 9,
        "flawed_sets": 3,
        "lost_sets": 0,
        "lost_screenshots": 0,
        "latched": {},
        "regions": RECORDER["regions"],
    }


def test_a_branch_names_its_parent() -> None:
    parent = Parent("evening", "0a1b", 13)
    origin = Origin("mGBA", has_savestate=True, frame=70, parent=parent)
    summary = summary_of_metadata("twig", metadata(recorder={**RECORDER, "origin": origin.as_map()}))
    assert summary["parent"] == {"session": "evening", "uuid": "0a1b", "frame_set": 13}
    broken: dict[str, Any] = {**RECORDER, "origin": {**origin.as_map(), "parent": 7}}
    assert "parent" not in summary_of_metadata("twig", metadata(recorder=broken))


def test_a_session_that_was_cut_off_ended_when_it_began() -> None:
    summary = summary_of_metadata("meadow", metadata(ended=None, ended_by=None))
    assert (summary["state"], summary["since"], summary["ended_by"]) == ("ended", 1_774_000_000_123, "")


def test_of_the_original_only_its_own_keys_are_known() -> None:
    document = {"session_id": "old", "created_at": "2025-07-31T21:20:29+00:00", "game_name": "Metabots"}
    summary = summary_of_metadata("renamed", document)
    assert (summary["session_id"], summary["game_name"], summary["frame_sets"]) == ("renamed", "Metabots", 0)
    assert summary["created"] == summary["since"] == 1_753_996_829_000


@pytest.mark.parametrize("rubbish", [None, "x", -1, 1e300, [], {}, True])
def test_rubbish_in_any_key_is_passed_over(rubbish: object) -> None:
    document = metadata()
    for key in document:
        summary = summary_of_metadata("meadow", {**document, key: rubbish})
        assert type(summary["created"]) is type(summary["since"]) is int
        assert type(summary["game_name"]) is str
        assert type(summary["frames_per_set"]) is int
