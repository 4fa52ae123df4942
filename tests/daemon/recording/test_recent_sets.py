"""The last stored frame sets: as far back as change counts look, and no more than memory allows."""

import pytest

from daemon.recording import recent_sets
from daemon.recording.history import FREQ_WINDOW
from daemon.recording.recent_sets import RecentSets
from tests.daemon.importing.made import frame_set, scan

FRAMES_PER_SET = 5


def numbers(recent: RecentSets) -> list[int]:
    return [each.frame_set_id for each in recent.sets]


def test_those_that_change_counts_look_at_are_kept() -> None:
    recent = RecentSets()
    for number in range(100):
        recent.remember(frame_set(number))
    assert numbers(recent) == list(range(100 - FREQ_WINDOW // FRAMES_PER_SET, 100))


def test_behind_a_jump_everything_before_is_forgotten() -> None:
    recent = RecentSets()
    for number in (0, 1, 2, 9, 10):
        recent.remember(frame_set(number))
    assert numbers(recent) == [9, 10]


def test_only_the_last_has_its_picture() -> None:
    recent = RecentSets()
    for number in range(3):
        recent.remember(frame_set(number))
    assert [bool(each.png) for each in recent.sets] == [False, False, True]


def test_there_are_only_so_many_changes_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_sets, "MAX_COUNTED", 10)
    recent = RecentSets()
    for number in range(6):
        recent.remember(frame_set(number, [scan("iwram", number, range(0, 16, 4))]))
    assert numbers(recent) == [4, 5]
