from collections.abc import Sequence

import numpy as np

from daemon.exporting.batch import Batch
from daemon.exporting.split import GAP
from protocol.session.annotations import Annotations
from tests.daemon.exporting.recordings import batch_of, frame_sets


def batch(splits: Sequence[str], episodes: Sequence[int]) -> Batch:
    sets = list(frame_sets(len(splits)))
    labels = [Annotations(scene=f"scene {item.frame_set_id}") for item in sets]
    return batch_of(sets, splits, episodes, labels)


def numbers(batch: Batch) -> list[int]:
    return [item.frame_set_id for item in batch.sets]


def test_a_part_has_every_column_of_the_frame_sets_that_are_chosen() -> None:
    whole = batch(["train", "train", "test", "test"], [0, 0, 1, 2])
    part = whole.part(np.array([True, False, False, True]))
    assert numbers(part) == [0, 3]
    assert [labels and labels.scene for labels in part.labels] == ["scene 0", "scene 3"]
    assert part.splits.tolist() == ["train", "test"]
    assert part.episodes.tolist() == [0, 2]
    assert part.changes.frame_set.tolist() == [0, 0, 0, 3, 3, 3]
    assert part.changes.counts.tolist() == [3, 3]


def test_a_run_ends_where_the_episode_or_the_split_changes() -> None:
    whole = batch(["train"] * 3 + ["test"] * 2, [0, 0, 1, 1, 1])
    assert [numbers(run) for run in whole.runs()] == [[0, 1], [2], [3, 4]]


def test_frame_sets_of_no_split_are_in_no_run() -> None:
    whole = batch([GAP, "train", GAP, GAP, "train"], [0] * 5)
    assert [numbers(run) for run in whole.runs()] == [[1], [4]]


def test_a_batch_of_nothing_has_no_runs() -> None:
    assert list(batch(["train"], [0]).part(np.array([False])).runs()) == []
