from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from daemon.exporting.batch import Batch
from daemon.exporting.split import GAP
from daemon.exporting.tally import SessionTally
from protocol.session.annotations import Annotations
from protocol.session.change_rows import change_columns
from protocol.session.frame_set import FrameSet
from tests.daemon.exporting.recordings import frame_sets


def batch(
    sets: Sequence[FrameSet], labels: Sequence[Annotations | None], splits: Sequence[str], episodes: Sequence[int]
) -> Batch:
    return Batch(sets, change_columns(sets), labels, np.array(splits), np.array(episodes, np.int64))


def test_batches_add_up() -> None:
    first, second, third = frame_sets(3)
    flawed = replace(third, flaws=("a frame is missing",))
    tally = SessionTally()
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
    tally = SessionTally()
    given = [Annotations(intent=intent) for intent in ("explore", "win", "win")]
    tally.add(batch(sets, given, ["all"] * 3, [0] * 3))
    assert list(tally.as_map()["label_values"]["intent"].items()) == [("win", 2), ("explore", 1)]


def test_no_frame_sets_count_for_nothing() -> None:
    tally = SessionTally()
    tally.add(batch([], [], [], []))
    assert tally == SessionTally()
