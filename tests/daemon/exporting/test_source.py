from pathlib import Path

import numpy as np
import pytest

from daemon.exporting.actions import Combinations
from daemon.exporting.buttons import Buttons
from daemon.exporting.memory import MemoryForm
from daemon.exporting.pictures import OldPictures
from daemon.exporting.source import Contents, SessionSource
from daemon.exporting.split import GAP
from daemon.exporting.variables import NO_VARIABLES
from protocol.errors import SessionError
from protocol.session.annotations import Annotations
from protocol.session.change_rows import change_columns
from protocol.session.events import EventRecord
from protocol.session.reader import SessionReader
from tests.daemon.exporting.recordings import NOW, frame_sets, record, screenshot


class Listener:
    """Reads a session and keeps its progress."""

    def __init__(self, session: SessionReader, old_pictures: OldPictures = OldPictures.DROP) -> None:
        numbers = session.frame_set_ids()
        splits = np.array(["train"] * (len(numbers) - 1) + [GAP])
        self.done: list[int] = []
        contents = Contents(Buttons(), NO_VARIABLES, None, MemoryForm.NONE, np.empty(0, np.uint32), old_pictures)
        self.source = SessionSource(session, numbers, splits, (), contents, Combinations(), self.done.append)


def test_a_session_comes_in_batches_and_nothing_is_left_out(tmp_path: Path) -> None:
    labels = {4: Annotations(scene="cave")}
    played = list(frame_sets(7))
    source = Listener(record(tmp_path, sets=played, labels=labels)).source
    batches = list(source.batches(size=3))
    assert [[item.frame_set_id for item in batch.sets] for batch in batches] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [labels and labels.scene for labels in batches[1].labels] == [None, "cave", None]
    assert [batch.splits.tolist() for batch in batches][1:] == [["train"] * 3, [GAP]]
    assert batches[0].sets[2].png == screenshot(1)
    assert batches[2].sets[0].frames == played[6].frames
    assert batches[1].changes.address.tolist() == change_columns(played[3:6]).address.tolist()


def test_screenshots_are_read_only_where_they_are_wanted(tmp_path: Path) -> None:
    source = Listener(record(tmp_path, sets=list(frame_sets(2)))).source
    assert [item.png for batch in source.batches(with_png=False) for item in batch.sets] == [b"", b""]


def test_an_episode_is_counted_across_batches(tmp_path: Path) -> None:
    loaded = EventRecord(NOW, "savestate_loaded", 2)
    source = Listener(record(tmp_path, sets=list(frame_sets(5)), events=(loaded,))).source
    assert [batch.episodes.tolist() for batch in source.batches(size=3)] == [[0, 0, 1], [1, 1]]


def test_progress_and_counts_keep_up_with_the_batches(tmp_path: Path) -> None:
    listener = Listener(record(tmp_path, sets=list(frame_sets(5))))
    batches = listener.source.batches(size=3)
    next(batches)
    assert (listener.source.counts.frame_sets, listener.done) == (3, [])
    list(batches)
    assert listener.done == [3, 2]
    assert listener.source.counts.splits == {"train": 4, "gap": 1}


def test_rows_that_were_laid_out_otherwise_are_read_as_well(tmp_path: Path) -> None:
    session = record(tmp_path, sets=list(frame_sets(2)))
    document = session.folder.event(1)
    document.write_bytes(document.read_bytes().replace(b'"freq":7', b'"freq" : 7'))
    (batch,) = Listener(session).source.batches()
    assert batch.changes.address.tolist() == [0x0300_0010, 0x0200_0100, 0x0200_0104, 0x0300_0010]
    assert batch.changes.counts.tolist() == [3, 1]


def test_a_damaged_file_is_reported_by_its_name(tmp_path: Path) -> None:
    session = record(tmp_path, sets=list(frame_sets(2)))
    session.folder.event(1).write_bytes(b"{")
    with pytest.raises(SessionError, match=r"event\.json"):
        list(Listener(session).source.batches())


def test_it_says_where_it_is_and_which_splits_it_has(tmp_path: Path) -> None:
    source = Listener(record(tmp_path / "data", "a", list(frame_sets(3)))).source
    assert (source.session_id, source.metadata.game_name, source.split_names) == ("a", "Tiny Game", ["train"])
    (batch,) = source.batches()
    below = source.screenshot_paths(batch)[2] or ""
    assert (tmp_path / "data" / below).read_bytes() == screenshot(1)
    assert "\\" not in below
