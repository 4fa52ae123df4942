"""Ways from power-on to a moment."""

import numpy as np
import pytest

from daemon.analysis.timeline import EMPTY_TIMELINE, Timeline
from daemon.probing.replay_path import MISSING, Lead, ReplayPaths
from protocol.errors import MomentError
from protocol.session.change_log import LogBlock


def paths(*sets: tuple[int, str]) -> ReplayPaths:
    """A recording of sets of two frames: the first frame of each, and what is held."""
    combinations = tuple(dict.fromkeys(held for _, held in sets))
    none = np.empty(0, np.uint32)
    block = LogBlock(
        numbers=np.arange(len(sets), dtype=np.uint32),
        checks=np.zeros(len(sets), np.uint64),
        frame_counts=np.full(len(sets), 2, np.uint8),
        frames=np.array([frame + at for frame, _ in sets for at in range(2)], np.uint32),
        timestamps=np.arange(2 * len(sets), dtype=np.int64),
        keys=np.repeat([combinations.index(held) for _, held in sets], 2).astype(np.uint16),
        combinations=combinations,
        entry_counts=np.zeros(len(sets), np.uint32),
        entry_frames=none.astype(np.uint8),
        entry_words=none,
        entry_values=none,
        entry_kinds=none.astype(np.uint8),
    )
    timeline: Timeline = EMPTY_TIMELINE.extended([block])
    return ReplayPaths(timeline)


def test_a_recording_from_power_on_is_played_as_it_was() -> None:
    way = paths((1, ""), (3, "A"), (5, "A+Right"))
    assert way.to_set(1).tolist() == [0, 1, 2, 3]
    assert way.buttons(way.to_set(2)) == [0, 0, 1, 1, 0b10001, 0b10001]


def test_a_reset_begins_anew() -> None:
    way = paths((1, ""), (3, "A"), (1, "B"), (3, ""))
    assert way.to_set(3).tolist() == [4, 5, 6, 7]


def test_a_savestate_leads_back_to_the_frame_that_it_was_made_of() -> None:
    way = paths((1, ""), (3, "A"), (5, "B"), (5, "Left"), (7, ""))
    assert way.to_set(4).tolist() == [0, 1, 2, 3, 6, 7, 8, 9]
    assert way.to_set(2).tolist() == [0, 1, 2, 3, 4, 5]


def test_lost_frames_are_played_with_the_buttons_before() -> None:
    way = paths((1, "A"), (7, "B"))
    path = way.to_set(1)
    assert path.tolist() == [0, 1, MISSING, MISSING, MISSING, MISSING, 2, 3]
    assert way.buttons(path) == [1, 1, 1, 1, 1, 1, 2, 2]


def test_a_recording_that_begins_a_moment_late_had_no_buttons_before() -> None:
    way = paths((4, "A"))
    assert way.to_set(0).tolist() == [MISSING, MISSING, MISSING, 0, 1]
    assert way.buttons(way.to_set(0)) == [0, 0, 0, 1, 1]


def test_what_goes_on_from_elsewhere_has_no_way() -> None:
    way = paths((1, ""), (90_001, ""))
    way.to_set(0)
    with pytest.raises(MomentError, match="frame set 1 goes on from something"):
        way.to_set(1)


def test_buttons_that_the_console_does_not_have_are_left_out() -> None:
    way = paths((1, "Power+A"))
    assert way.buttons(way.to_set(0)) == [1, 1]


def test_a_recording_from_a_savestate_begins_with_it() -> None:
    way = ReplayPaths(paths((506, ""), (508, "A")).timeline, savestate_frame=505)
    assert way.to_set(1).tolist() == [0, 1, 2, 3]
    assert way.lead_to(0) == Lead(None)
