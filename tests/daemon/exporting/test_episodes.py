from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from daemon.exporting.batch import Batch
from daemon.exporting.buttons import Buttons
from daemon.exporting.episodes import Episode, EpisodeCutter, ScreenshotSize, common_frames, episodes
from daemon.exporting.split import GAP
from protocol.errors import ExportError
from protocol.session.events import EventRecord
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import SessionMetadata
from tests.daemon.exporting.recordings import (
    BUTTONS,
    HEIGHT,
    NOW,
    WIDTH,
    batch_of,
    frame_sets,
    record,
    screenshot,
    without_png,
)
from tests.daemon.importing.made import metadata

RECORDED = metadata("session", [])
LOGGED = replace(RECORDED, recorder={})


def cut(sets: list[FrameSet], *events: EventRecord, session: SessionMetadata = RECORDED) -> list[int]:
    cutter = EpisodeCutter(session, events)
    return [cutter.episode_of(item) for item in sets]


def with_frames(number: int, *frames: int) -> FrameSet:
    """A frame set of these frames."""
    (made,) = frame_sets(1, first=number)
    return replace(made, frames=tuple(replace(made.frames[0], frame=frame) for frame in frames))


def event(name: str, number: int) -> EventRecord:
    return EventRecord(NOW, name, number)


def test_unbroken_play_is_one_episode() -> None:
    assert cut(list(frame_sets(4))) == [0, 0, 0, 0]


def test_a_lost_frame_set_ends_an_episode() -> None:
    sets = list(frame_sets(4))
    del sets[2]
    assert cut(sets) == [0, 0, 1]


def test_a_jump_of_the_frame_counter_ends_an_episode() -> None:
    assert cut([*frame_sets(2), *frame_sets(2, first=2, frame=500)]) == [0, 0, 1, 1]


@pytest.mark.parametrize("name", ["savestate_loaded", "reset", "rewind", "jump", "rom_changed"])
def test_a_discontinuity_ends_an_episode_although_frames_follow(name: str) -> None:
    assert cut(list(frame_sets(4)), event(name, 2)) == [0, 0, 1, 1]


def test_a_mark_ends_nothing() -> None:
    assert cut(list(frame_sets(4)), event("mark", 2)) == [0, 0, 0, 0]


def test_a_set_that_was_cut_short_is_the_last_of_its_episode() -> None:
    sets = list(frame_sets(4))
    sets[1] = replace(sets[1], frames=sets[1].frames[:3])
    sets[2:] = frame_sets(2, first=2, frame=sets[1].frames[-1].frame + 1)
    assert cut(sets, event("reset", 1)) == [0, 0, 1, 1]


def test_a_set_whose_frames_jump_stands_alone() -> None:
    sets = list(frame_sets(3))
    frames = sets[1].frames
    sets[1] = replace(sets[1], frames=(replace(frames[0], frame=frames[0].frame - 7), *frames[1:]))
    assert cut(sets) == [0, 1, 2]


class TestLogs:
    def test_frames_without_a_change_are_no_discontinuity(self) -> None:
        sparse = [with_frames(0, 2, 4), with_frames(1, 5), with_frames(2, 13, 14), with_frames(3, 15, 19)]
        assert cut(sparse, session=LOGGED) == [0, 0, 0, 0]
        assert cut(sparse) == [0, 1, 2, 3]

    def test_the_originals_sets_of_six_frames_are_one_episode(self) -> None:
        sets = [with_frames(number, *range(6 * number, 6 * number + 6)) for number in range(4)]
        assert cut(sets, session=LOGGED) == [0, 0, 0, 0]

    @pytest.mark.parametrize("first", [3, 40])
    def test_frames_that_go_back_or_far_ahead_end_an_episode(self, first: int) -> None:
        sets = [with_frames(0, 2, 4), with_frames(1, 5, 9), with_frames(2, first), with_frames(3, first + 6)]
        assert cut(sets, session=LOGGED) == [0, 0, 1, 1]

    def test_a_missing_set_ends_an_episode(self) -> None:
        assert cut([with_frames(0, 2, 4), with_frames(2, 10, 11)], session=LOGGED) == [0, 1]

    def test_an_event_of_the_import_ends_an_episode(self) -> None:
        sets = [with_frames(0, 2), with_frames(1, 5), with_frames(2, 10)]
        assert cut(sets, event("jump", 1), session=LOGGED) == [0, 1, 1]


FRAMES = 5


def batch(sets: Sequence[FrameSet], splits: Sequence[str] = (), numbers: Sequence[int] = ()) -> Batch:
    return batch_of(sets, splits, numbers, variables=np.arange(len(sets), dtype=np.float64).reshape(-1, 1))


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


def test_a_frame_set_without_screenshot_without_split_or_cut_short_is_in_none() -> None:
    sets = list(frame_sets(11))
    sets[2] = without_png(sets[2])
    sets[8] = replace(sets[8], frames=sets[8].frames[:3])
    splits = ["all"] * 5 + [GAP] + ["all"] * 5
    assert told(batch(sets, splits)) == [("all", [0, 1]), ("all", [3, 4]), ("all", [6, 7]), ("all", [9, 10])]


def test_a_log_s_frame_sets_have_as_many_frames_as_they_have() -> None:
    sets = list(frame_sets(4))
    sets[1] = replace(sets[1], frames=sets[1].frames[::2])
    (episode,) = episodes([batch(sets)], None, 240)
    assert (episode.steps, episode.actions(Buttons([BUTTONS])).shape) == (3, (3, FRAMES, len(BUTTONS)))


def test_one_frame_set_alone_is_no_episode() -> None:
    assert told(batch(list(frame_sets(3)), numbers=[0, 1, 2])) == []


def test_a_long_one_is_cut_and_the_next_begins_where_it_ended() -> None:
    assert told(batch(list(frame_sets(6))), longest=3) == [("all", [0, 1, 2]), ("all", [2, 3, 4]), ("all", [4, 5])]


def test_labels_stay_with_their_frame_sets() -> None:
    for episode in episodes([batch(list(frame_sets(6)))], FRAMES, longest=3):
        assert [labels and labels.scene for labels in episode.columns.labels] == [
            str(item.frame_set_id) for item in episode.sets
        ]


def test_the_action_of_a_step_is_what_was_held_after_its_screenshot() -> None:
    episode = Episode("all", batch_of(list(frame_sets(4))))
    actions = episode.actions(Buttons([BUTTONS]))
    assert episode.steps == 3
    assert actions.shape == (3, FRAMES, len(BUTTONS))
    held = [{name for name, pressed in zip(BUTTONS, step[0], strict=True) if pressed} for step in actions]
    assert held == [{"A"}, {"A", "Right"}, {"Up"}]


def episode(*sizes: tuple[int, int]) -> Episode:
    played = zip(frame_sets(len(sizes)), sizes, strict=True)
    return Episode("all", batch_of([replace(item, png=screenshot(0, size)) for item, size in played]))


def test_sessions_with_sets_of_one_length_fit_together(tmp_path: Path) -> None:
    five = record(tmp_path).metadata
    assert common_frames([five, five]) == 5
    told = "frame sets of 4 and 5 frames, which do not fit one array: export them apart"
    with pytest.raises(ExportError, match=told):
        common_frames([five, replace(five, num_frames_per_set=4)])


def test_the_first_screenshot_says_the_size() -> None:
    size = ScreenshotSize()
    assert size.known is None
    assert size.check(episode((WIDTH, HEIGHT), (WIDTH, HEIGHT)), "a") == size.known == [WIDTH, HEIGHT]


def test_another_size_is_refused_with_its_frame_set() -> None:
    told = "frame set 1 in a is 8x4 pixels, others are 24x16, and this format needs one size"
    with pytest.raises(ExportError, match=told):
        ScreenshotSize().check(episode((WIDTH, HEIGHT), (8, 4)), "a")


def test_a_size_that_is_known_from_before_holds() -> None:
    size = ScreenshotSize()
    size.known = [WIDTH, HEIGHT]
    with pytest.raises(ExportError, match="frame set 0 in b is 8x4 pixels"):
        size.check(episode((8, 4)), "b")
