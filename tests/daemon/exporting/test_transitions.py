from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from daemon.exporting.batch import Batch
from daemon.exporting.buttons import Buttons
from daemon.exporting.split import GAP
from daemon.exporting.transitions import Episode, episodes
from protocol.session.annotations import Annotations
from protocol.session.change_rows import change_columns
from protocol.session.frame_set import FrameSet
from tests.daemon.exporting.recordings import BUTTONS, frame_sets, without_png

FRAMES = 5


def batch(sets: Sequence[FrameSet], splits: Sequence[str] = (), numbers: Sequence[int] = ()) -> Batch:
    return Batch(
        sets,
        change_columns(sets),
        [Annotations(scene=str(item.frame_set_id)) for item in sets],
        np.array(splits or ["all"] * len(sets)),
        np.array(numbers or [0] * len(sets), np.int64),
    )


def told(*batches: Batch, longest: int = 240) -> list[tuple[str, list[int]]]:
    """Name each episode's split and frame sets."""
    return [
        (episode.split, [item.frame_set_id for item in episode.sets]) for episode in episodes(batches, FRAMES, longest)
    ]


def test_an_episode_goes_on_from_one_batch_to_the_next() -> None:
    sets = list(frame_sets(5))
    assert told(batch(sets[:2]), batch(sets[2:])) == [("all", [0, 1, 2, 3, 4])]


def test_it_ends_where_the_recording_breaks_or_the_split_changes() -> None:
    splits = ["train"] * 4 + ["test"] * 2
    assert told(batch(list(frame_sets(6)), splits, [0, 0, 1, 1, 1, 1])) == [
        ("train", [0, 1]),
        ("train", [2, 3]),
        ("test", [4, 5]),
    ]


def test_a_frame_set_without_picture_without_split_or_cut_short_is_in_none() -> None:
    sets = list(frame_sets(11))
    sets[2] = without_png(sets[2])
    sets[8] = replace(sets[8], frames=sets[8].frames[:3])
    splits = ["all"] * 5 + [GAP] + ["all"] * 5
    assert told(batch(sets, splits)) == [("all", [0, 1]), ("all", [3, 4]), ("all", [6, 7]), ("all", [9, 10])]


def test_a_log_s_frame_sets_have_as_many_frames_as_they_have() -> None:
    sets = list(frame_sets(4))
    sets[1] = replace(sets[1], frames=sets[1].frames[::2])
    (episode,) = episodes([batch(sets)], None, 240)
    assert (episode.steps, episode.actions(Buttons([BUTTONS]), FRAMES).shape) == (3, (3, FRAMES, len(BUTTONS)))


def test_one_frame_set_alone_is_no_episode() -> None:
    assert told(batch(list(frame_sets(3)), numbers=[0, 1, 2])) == []


def test_a_long_one_is_cut_and_the_next_begins_where_it_ended() -> None:
    assert told(batch(list(frame_sets(6))), longest=3) == [("all", [0, 1, 2]), ("all", [2, 3, 4]), ("all", [4, 5])]


def test_labels_stay_with_their_frame_sets() -> None:
    for episode in episodes([batch(list(frame_sets(6)))], FRAMES, longest=3):
        assert [labels and labels.scene for labels in episode.labels] == [
            str(item.frame_set_id) for item in episode.sets
        ]


def test_the_action_of_a_step_is_what_was_held_after_its_picture() -> None:
    episode = Episode("all", list(frame_sets(4)), [None] * 4)
    actions = episode.actions(Buttons([BUTTONS]), FRAMES)
    assert episode.steps == 3
    assert actions.shape == (3, FRAMES, len(BUTTONS))
    held = [{name for name, pressed in zip(BUTTONS, step[0], strict=True) if pressed} for step in actions]
    assert held == [{"A"}, {"A", "Right"}, {"Up"}]
