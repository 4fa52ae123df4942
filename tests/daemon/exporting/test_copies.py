"""Sessions of one play are found, and no two splits share any of it."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.exporting.copies import SessionPrint, places_in_play, same_plays, session_print
from daemon.exporting.csv_export import CsvExporter
from daemon.exporting.exporters import open_exporter
from daemon.exporting.options import DatasetOptions
from daemon.exporting.split import GAP, SplitBy, SplitPlan, split_sets
from daemon.importing.csv_import import ImportOptions, import_log
from protocol.session.change_log_reader import logged_blocks
from protocol.session.frame_set import FrameSet, ScanChanges
from protocol.session.metadata import memory_regions, metadata_json
from protocol.session.reader import SessionReader, open_session
from tests.daemon.exporting.recordings import export_dataset, frame_sets, record, words


def fingerprint(session: SessionReader) -> SessionPrint:
    return session_print(session.metadata, memory_regions(session.metadata), logged_blocks(session))


def plays(*sessions: SessionReader) -> list[list[str]]:
    return same_plays({session.session_id: fingerprint(session) for session in sessions})


def play(count: int, seed: int, boot: int = 0, frame: int = 1000) -> list[FrameSet]:
    """Play from power-on: for `boot` frame sets nothing is held and all plays are the same; then each is its own."""
    sets = []
    for item in frame_sets(count, frame=frame):
        number = item.frame_set_id
        held = "" if number < boot else ("", "A", "Right", "A+Right")[(number * seed + seed) % 4]
        start = item.frames[0].frame
        value = number if number < boot else number * 1000 + seed
        changes = ScanChanges("iwram", 0, start, words(0x0300_0010), words(0), words(value), np.array([7], np.uint16))
        frames = tuple(replace(one, current_keys=held) for one in item.frames)
        sets.append(replace(item, frames=frames, changes=(changes,)))
    return sets


def with_uuid(session: SessionReader, uuid: str, **recorder: object) -> SessionReader:
    """Give a session a uuid, and more metadata."""
    metadata = replace(session.metadata, uuid=uuid, recorder={**session.metadata.recorder, **recorder})
    session.folder.metadata.write_bytes(metadata_json(metadata))
    return open_session(session.folder.path)


class TestFinding:
    def test_a_renamed_folder(self, tmp_path: Path) -> None:
        one = record(tmp_path, "one", play(50, 3))
        shutil.copytree(one.folder.path, tmp_path / "two")
        assert plays(one, open_session(tmp_path / "two"), record(tmp_path, "other", play(50, 5))) == [["one", "two"]]

    def test_an_import_of_an_export(self, tmp_path: Path) -> None:
        one = record(tmp_path / "data", "one", play(50, 3, boot=10))
        CsvExporter([one], DatasetOptions()).export(tmp_path / "logs", lambda _more: None)
        log = tmp_path / "logs" / "one" / "event_log.csv"
        options = ImportOptions(logs=[log], output=tmp_path / "imported", session_name="two")
        import_log(options, lambda _more: None)
        assert plays(one, open_session(tmp_path / "imported" / "two")) == [["one", "two"]]

    def test_a_copy_of_a_part(self, tmp_path: Path) -> None:
        sets = play(100, 3, boot=20)
        whole, half = record(tmp_path, "whole", sets), record(tmp_path, "half", sets[:50])
        tail = record(tmp_path, "tail", sets[80:])
        assert plays(half, tail) == []
        assert plays(half, tail, whole) == [["half", "tail", "whole"]]

    def test_a_copy_that_went_on_by_itself(self, tmp_path: Path) -> None:
        one = record(tmp_path, "one", play(200, 3))
        other = record(tmp_path, "other", [*play(200, 3)[:60], *play(200, 5)[60:]])
        assert plays(one, other) == [["one", "other"]]

    def test_plays_from_power_on_are_no_copies(self, tmp_path: Path) -> None:
        sessions = [record(tmp_path, f"play-{seed}", play(100, seed, boot=60)) for seed in (1, 3, 5, 7)]
        assert plays(*sessions) == []

    def test_idle_sessions(self, tmp_path: Path) -> None:
        idle, part = (record(tmp_path, name, play(count, 1, boot=200)) for name, count in (("idle", 100), ("part", 60)))
        played = record(tmp_path, "played", play(100, 3, boot=20))
        assert plays(idle, part, played) == [["idle", "part"]]

    def test_another_rom(self, tmp_path: Path) -> None:
        one, other = (record(tmp_path, name, play(50, 3)) for name in ("one", "other"))
        assert plays(one, with_uuid(other, "", rom_hash="CD" * 20)) == []

    def test_a_branch_of_a_session(self, tmp_path: Path) -> None:
        parent = with_uuid(record(tmp_path, "parent", play(50, 3)), "u-1")
        origin = {"kind": "headless", "parent": {"session": "parent", "uuid": "u-1", "frame_set": 20}}
        branch = with_uuid(record(tmp_path, "branch", play(50, 5)), "u-2", origin=origin)
        other = with_uuid(record(tmp_path, "other", play(50, 7)), "u-3", origin="unknown")
        assert plays(branch, other, parent) == [["branch", "parent"]]

    def test_sessions_without_frame_sets(self, tmp_path: Path) -> None:
        assert plays(record(tmp_path, "one", []), record(tmp_path, "two", [])) == []


class TestSplits:
    @given(st.data())
    def test_no_two_splits_share_any_of_a_play(self, data: st.DataObject) -> None:
        by = data.draw(st.sampled_from([SplitBy.SESSION, SplitBy.BLOCK]))
        plan = SplitPlan(by=by, block=20, gap=data.draw(st.integers(0, 10)), seed=data.draw(st.integers(0, 99)))
        spans = data.draw(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=2, max_size=5))
        play = {f"copy-{place}": list(range(first, first + size)) for place, (first, size) in enumerate(spans)}
        others = {f"other-{place}": list(range(100)) for place in range(data.draw(st.integers(0, 4)))}
        sessions = {name: list(range(len(places))) for name, places in play.items()} | others
        splits = split_sets(plan, sessions, [play])
        assert {name: len(numbers) for name, numbers in sessions.items()} == {
            name: len(column) for name, column in splits.items()
        }
        split_of: dict[int, str] = {}
        for name, places in play.items():
            for place, split in zip(places, splits[name].tolist(), strict=True):
                assert split == GAP or split_of.setdefault(place, split) == split
        if by is SplitBy.SESSION:
            assert len({str(split) for name in play for split in splits[name]}) == 1

    @given(st.integers(1, 8), st.sampled_from(list(SplitBy)), st.integers(0, 99))
    def test_without_copies_nothing_is_dealt_another_way(self, count: int, by: SplitBy, seed: int) -> None:
        plan = SplitPlan(by=by, block=30, gap=5, seed=seed)
        sessions = {f"s-{place}": list(range(50 + 7 * place)) for place in range(count)}
        together = split_sets(plan, sessions)
        if by is not SplitBy.SESSION:  # What the first one's blocks leave of the shares is made up for by the others.
            assert np.array_equal(together["s-0"], split_sets(plan, {"s-0": sessions["s-0"]})["s-0"])
        again = split_sets(plan, sessions, [])
        assert all(np.array_equal(together[name], again[name]) for name in sessions)

    def test_a_savestate_leads_to_no_neighbour_in_another_split(self) -> None:
        plan = SplitPlan(by=SplitBy.BLOCK, block=20, gap=5, shares=(0.5, 0.0, 0.5))
        places = [*range(400), *range(10, 400), *range(30, 400)]
        column = split_sets(plan, {"a": range(len(places)), "b": range(5)}, [{"a": places, "b": range(5)}])["a"]
        kept = [(number, split) for number, split in enumerate(column.tolist()) if split != GAP]
        for (number, split), (later, other) in pairwise(kept):
            assert split == other or later - number > plan.gap

    def test_frames_lay_sessions_over_each_other(self, tmp_path: Path) -> None:
        sets = play(40, 3, frame=1000)
        one, late = record(tmp_path, "one", sets), record(tmp_path, "late", sets[10:])
        prints = {session.session_id: fingerprint(session) for session in (one, late)}
        numbers: dict[str, Sequence[int]] = {"one": [0, 1, 39], "late": [10, 99]}
        assert places_in_play(prints, numbers, 5) == {"one": [0, 1, 39], "late": [10, 10]}


@pytest.mark.parametrize("by", [SplitBy.SESSION, SplitBy.BLOCK])
def test_an_export_says_which_sessions_are_of_one_play(tmp_path: Path, by: SplitBy) -> None:
    sets = play(100, 3)
    sessions = [
        record(tmp_path, name, chosen)
        for name, chosen in (("a", sets), ("b", play(100, 5)), ("c", sets[20:]), ("d", play(100, 7)))
    ]
    options = DatasetOptions(split=SplitPlan(by=by, block=20, gap=2))
    remarks = open_exporter("jsonl", sessions, options).export(tmp_path / "out", lambda _more: None)
    assert list(remarks)[:1] == ["a and c are of one play: no two splits have a part of it in common."]
    assert json.loads((tmp_path / "out" / "dataset.json").read_text("utf-8"))["copies"] == [["a", "c"]]


def test_an_export_that_is_not_split_looks_for_no_copies(tmp_path: Path) -> None:
    sessions = [record(tmp_path, name, play(20, 3)) for name in ("a", "b")]
    assert "copies" not in export_dataset(sessions, "jsonl", tmp_path / "out")
