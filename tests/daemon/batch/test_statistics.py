"""What a session is made of, counted by hand."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.batch import statistics as module
from daemon.batch.statistics import SessionStatistics
from protocol.annotations import Annotations
from tests.daemon.batch.made import frame_set, scan


def test_a_short_session() -> None:
    counted = SessionStatistics()
    counted.add(frame_set(0, [scan("iwram", 0, [0x0300_0000, 0x0300_0004])]), None)
    counted.add(
        frame_set(1, [scan("iwram", 5, [0x0300_0004]), scan("ewram", 5, [0x0200_0000])], keys="A"),
        Annotations(context="battle", tags=("boss", "rare"), complete=True),
    )
    counted.add(frame_set(2, flaws=("it is odd",)), Annotations(context="battle"))
    counted.add(frame_set(3), Annotations())
    assert (counted.frame_sets, counted.frames, counted.idle_frames) == (4, 20, 15)
    assert counted.idle_share == pytest.approx(0.75)
    assert (counted.flawed, counted.labelled, counted.complete) == (1, 2, 1)
    assert counted.labels["context"] == {"battle": 2}
    assert counted.labels["tags"] == {"boss": 1, "rare": 1}
    assert "description" not in counted.labels
    assert counted.changes == {"iwram": 3, "ewram": 1}
    assert counted.minutes == pytest.approx(3 * 80 / 60_000)
    assert counted.sets_per_minute == pytest.approx(60_000 / 80)
    assert counted.top_addresses(2) == [("iwram", 0x0300_0004, 2), ("ewram", 0x0200_0000, 1)]


def test_a_pause_is_no_play() -> None:
    counted = SessionStatistics()
    counted.add(frame_set(0), None)
    counted.add(frame_set(1000), None)
    assert counted.minutes == 0
    assert counted.sets_per_minute == 0


def test_an_empty_session_has_nothing() -> None:
    counted = SessionStatistics()
    assert (counted.idle_share, counted.minutes, counted.sets_per_minute) == (0, 0, 0)
    assert counted.top_addresses(10) == []


@given(st.lists(st.lists(st.integers(0, 20), unique=True)), st.integers(1, 30))
def test_folding_does_not_change_the_counts(scans: list[list[int]], fold: int) -> None:
    counted = SessionStatistics()
    expected: Counter[int] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FOLD", fold)
        for number, addresses in enumerate(scans):
            counted.add(frame_set(number, [scan("iwram", 5 * number, np.sort(addresses).tolist())]), None)
            expected.update(addresses)
        top = counted.top_addresses(100)
    assert {address: count for _, address, count in top} == expected
    assert [(-count, address) for _, address, count in top] == sorted((-count, address) for _, address, count in top)
