"""Counts of changes against those of a made-up recording."""

import numpy as np
import pytest

from daemon.analysis.change_counts import ChangeCounts
from daemon.analysis.history import History, within
from tests.daemon.analysis.recording import (
    FRAMES,
    REGIONS,
    WORDS,
    Recording,
    changes_in,
    history_of,
    stretches,
    times_of,
)


@pytest.mark.parametrize("width", [1, 2, 4])
def test_changes_of_every_value_are_counted_once_at_each_time(
    recording: Recording, history: History, width: int
) -> None:
    chosen = history.timeline.times_of_sets(np.random.default_rng(6).random(len(history.timeline)) < 0.4)
    for times in (None, chosen):
        for stretch in stretches(recording):
            expected = np.zeros(4 * WORDS - width + 1, np.int64)
            for time, moved in changes_in(recording, stretch):
                expected += within(moved, width) & (times is None or bool(times[time]))
            counts: ChangeCounts = history.change_counts(*times_of(history, stretch), times)
            fits = history.fits(width)
            assert counts.of(width)[fits].tolist() == expected[fits].tolist()


def test_many_changes_of_one_word_are_counted() -> None:
    long = Recording(9, sets=2000)
    history = history_of(long)
    expected = np.zeros(4 * WORDS, np.int64)
    for _, moved in changes_in(long, (-1, 10_000)):
        expected += moved
    assert expected.max() > 600
    assert history.change_counts(-1, history.timeline.end_of(1999)).of(1).tolist() == expected.tolist()


def test_counts_of_a_recording_that_grows_are_those_of_all_of_it() -> None:
    recording = Recording(2, sets=200)
    history = History.of(REGIONS, FRAMES)
    for block in recording.blocks:
        history = history.extended([block])
        afresh = History(history.regions, history.timeline, history.parts, history.latest, history.seen)
        assert np.array_equal(history.all_change_counts.of(2), afresh.all_change_counts.of(2))
