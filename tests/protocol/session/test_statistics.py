"""Statistics of a session, counted by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from protocol.session.annotations import Annotations
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.statistics import SessionStatistics, SetCounts


def frame_set(number: int, keys: Sequence[str] = ("",) * 5, words: int = 0, flaws: tuple[str, ...] = ()) -> FrameSet:
    """A set of five frames, 16 ms apart, with some words of each region that changed."""
    frames = tuple(
        FrameRecord(5 * number + at, 80 * number + 16 * at, 0x0800_0000, held, ("None",))
        for at, held in enumerate(keys)
    )
    column = np.arange(words, dtype=np.uint32)
    freq = np.ones(words, np.uint16)
    changes = tuple(
        ScanChanges(region, 0, 5 * number, column, column, column, freq) for region in ("iwram", "ewram", "iwram")
    )
    return FrameSet(number, frames, changes, flaws, b"")


def test_what_one_set_adds() -> None:
    counts = SetCounts.of(frame_set(2, ("", "A", "A+Right", "", "B"), words=3, flaws=("it is odd",)))
    assert (counts.frame_set_id, counts.time, counts.frames, counts.idle_frames) == (2, 224, 5, 2)
    assert counts.held == {"A": 2, "Right": 1, "B": 1}
    assert counts.changes == {"iwram": 6, "ewram": 3}
    assert counts.flawed is True


def test_a_short_session() -> None:
    counted = SessionStatistics()
    counted.add(SetCounts.of(frame_set(0, words=1)), None)
    labels = Annotations(context="battle", tags=("boss", "rare"), complete=True)
    counted.add(SetCounts.of(frame_set(1, ("A",) * 5)), labels)
    counted.add(SetCounts.of(frame_set(2, flaws=("it is odd",))), Annotations(context="battle"))
    counted.add(SetCounts.of(frame_set(3)), Annotations())
    assert (counted.frame_sets, counted.frames, counted.idle_frames) == (4, 20, 15)
    assert counted.idle_share == pytest.approx(0.75)
    assert (counted.flawed, counted.labelled, counted.complete) == (1, 2, 1)
    assert counted.labels["context"] == {"battle": 2}
    assert counted.labels["tags"] == {"boss": 1, "rare": 1}
    assert "description" not in counted.labels
    assert counted.changes == {"iwram": 2, "ewram": 1}
    assert counted.held == {"A": 5}
    assert counted.minutes == pytest.approx(20 / 59.7275 / 60)
    assert counted.sets_per_minute == pytest.approx(60_000 / 80)


@pytest.mark.parametrize("later", [1000, 0])
def test_a_pause_counts_for_no_speed(later: int) -> None:
    counted = SessionStatistics()
    for number in (0, later):
        counted.add(SetCounts.of(frame_set(number)), None)
    assert counted.sets_per_minute == 0


def test_time_that_is_not_known_counts_for_no_speed() -> None:
    counted = SessionStatistics()
    counted.add(SetCounts(0, None, 5, 5, {}, False, {}), None)
    assert (counted.frames, counted.sets_per_minute) == (5, 0)


def test_an_empty_session_has_nothing() -> None:
    counted = SessionStatistics()
    assert (counted.idle_share, counted.minutes, counted.sets_per_minute) == (0, 0, 0)
