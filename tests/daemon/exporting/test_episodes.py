from dataclasses import replace

import pytest

from daemon.exporting.episodes import EpisodeCutter
from protocol.session.events import EventRecord
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import SessionMetadata
from tests.daemon.exporting.recordings import NOW, frame_sets
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
