from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from daemon.exporting.batch import Batch
from daemon.exporting.manifest import MANIFEST_VERSION, ExportCounts, FileEntry, manifest_json, session_entry
from daemon.exporting.options import DatasetOptions
from daemon.exporting.split import GAP, SplitPlan
from protocol.session.annotations import Annotations
from protocol.session.frame_set import FrameSet
from tests.daemon.exporting.recordings import BUTTONS, NOW, batch_of, frame_sets, record


def counts(sets: int, **changes: int) -> dict[str, Any]:
    return {
        "frame_sets": sets,
        "whole": sets - 1,
        "episodes": 2,
        "labelled": 1,
        "complete": 0,
        "changes": changes,
        "splits": {"all": sets},
    }


def written(*sessions: dict[str, Any], files: tuple[FileEntry, ...] = ()) -> dict[str, Any]:
    options = DatasetOptions(split=SplitPlan(seed=7), label_set="default 1")
    held = [{"combination": 0, "buttons": "", "frames": 5}]
    document: dict[str, Any] = orjson.loads(
        manifest_json("jsonl", options, BUTTONS, held, [], None, None, (), sessions, files, {"windows": 5})
    )
    return document


def test_a_session_is_listed_with_its_game_and_its_recorder(tmp_path: Path) -> None:
    metadata = record(tmp_path, "a").metadata
    entry = session_entry(metadata, "a", counts(40))
    assert (entry["session_id"], entry["game_name"], entry["rom_hash"]) == ("a", "Tiny Game", "AB" * 20)
    assert (entry["created"], entry["ended_by"], entry["frames_per_set"]) == (NOW, "the script was stopped", 5)
    assert [region["name"] for region in entry["regions"]] == ["iwram", "ewram"]
    assert entry["scan_mode"] is None
    assert "buttons" not in entry
    assert entry["counts"] == counts(40)


def test_the_counts_of_sessions_add_up() -> None:
    document = written({"counts": counts(5, iwram=3)}, {"counts": counts(7, iwram=1, ewram=2)})
    assert document["counts"] == {
        "sessions": 2,
        "frame_sets": 12,
        "whole": 10,
        "episodes": 4,
        "labelled": 2,
        "complete": 0,
        "changes": {"iwram": 4, "ewram": 2},
        "splits": {"all": 12},
    }


def test_everything_that_was_chosen_is_there() -> None:
    document = written()
    assert document["manifest_version"] == MANIFEST_VERSION
    assert (document["format"], document["buttons"]) == ("jsonl", list(BUTTONS))
    assert document["combinations"] == [{"combination": 0, "buttons": "", "frames": 5}]
    assert (document["seed"], document["label_set"], document["details"]) == (7, "default 1", {"windows": 5})
    assert document["options"]["split"]["seed"] == 7
    assert document["options"]["images"] == "bytes"


def test_files_are_listed_with_what_proves_them() -> None:
    assert written(files=(FileEntry("all/a.jsonl", 3, "ab" * 32),))["files"] == [
        {"path": "all/a.jsonl", "bytes": 3, "sha256": "ab" * 32}
    ]


def batch(
    sets: Sequence[FrameSet], labels: Sequence[Annotations | None], splits: Sequence[str], episodes: Sequence[int]
) -> Batch:
    return batch_of(sets, splits, episodes, labels)


def test_batches_add_up() -> None:
    first, second, third = frame_sets(3)
    flawed = replace(third, flaws=("a frame is missing",))
    tally = ExportCounts()
    tally.add(batch([first, second], [Annotations(context="battle", complete=True), None], ["train", GAP], [0, 0]))
    tally.add(batch([flawed], [Annotations(context="battle", action="run")], ["train"], [1]))
    assert tally.as_map() == {
        "frame_sets": 3,
        "whole": 2,
        "episodes": 2,
        "labelled": 2,
        "complete": 1,
        "changes": {"iwram": 3, "ewram": 2},
        "splits": {"train": 2, "gap": 1},
        "label_values": {"context": {"battle": 2}, "action": {"run": 1}, "intent": {}, "outcome": {}},
    }


def test_the_most_frequent_label_comes_first() -> None:
    sets = list(frame_sets(3))
    tally = ExportCounts()
    given = [Annotations(intent=intent) for intent in ("explore", "win", "win")]
    tally.add(batch(sets, given, ["all"] * 3, [0] * 3))
    assert list(tally.as_map()["label_values"]["intent"].items()) == [("win", 2), ("explore", 1)]


def test_no_frame_sets_count_for_nothing() -> None:
    tally = ExportCounts()
    tally.add(batch([], [], [], []))
    assert tally == ExportCounts()
