from dataclasses import replace

import pytest

from daemon.export.episodes import EpisodeCutter
from protocol.documents import EventRecord, FrameSet
from tests.daemon.export.recordings import NOW, frame_sets


def cut(sets: list[FrameSet], *events: EventRecord) -> list[int]:
    cutter = EpisodeCutter(5, events)
    return [cutter.episode_of(item) for item in sets]


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
