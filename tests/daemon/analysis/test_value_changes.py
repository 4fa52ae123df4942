"""The changes of a value are those that were recorded, and what was only restated is told apart."""

from itertools import pairwise

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.value_changes import value_changes
from daemon.analysis.value_types import value_type
from tests.daemon.analysis.recording import FRAMES, REGIONS, Recording

POSITIONS = [0, 1, 3, 6, 17, 44, 47, 60, 76]


def test_every_recorded_change_of_a_known_value_is_there(recording: Recording, history: History) -> None:
    seen = 0
    for name, width in (("u8", 1), ("u16", 2), ("u32be", 4)):
        for position in (position for position in POSITIONS if history.fits(width)[position : position + 1].any()):
            changes = value_changes(history, position, value_type(name))
            moved = {time for time, bytes_ in recording.changes if bytes_[position : position + width].any()}
            recorded = set(changes.time[changes.is_recorded].tolist())
            known = [flags[position : position + width].all() for flags in recording.known]
            sure = {time for time in moved if time >= FRAMES and known[time // FRAMES - 1] and known[time // FRAMES]}
            assert sure <= recorded <= moved
            seen += len(sure)
    assert seen > 100


def test_rows_tell_set_frame_and_both_values(recording: Recording, history: History) -> None:
    changes = value_changes(history, 6, value_type("u16"))
    rows = changes.rows(0, len(changes))
    assert all(after["previous"] == row["current"] for row, after in pairwise(rows) if not after["recorded"])
    assert all(row["previous"] not in {None, row["current"]} for row in rows if row["recorded"])
    assert rows == changes.rows(0, 3) + changes.rows(3, 10_000)
    for row, after in pairwise(rows):
        place = recording.numbers.index(row["frame_set_id"])
        assert 1000 + FRAMES * row["frame_set_id"] <= row["frame"] < 1000 + FRAMES * (row["frame_set_id"] + 1)
        assert row["buttons"] == ("A" if (row["frame"] - 1000) % 2 else "")
        if after["frame_set_id"] != row["frame_set_id"] and recording.known[place][6:8].all():
            assert row["current"] == int.from_bytes(recording.memory[place][6:8], "little")


def test_the_sets_in_which_it_changed_are_joined_to_ranges(history: History) -> None:
    changes = value_changes(history, 0, value_type("u8"))
    numbers = np.unique(history.timeline.numbers_at(changes.time[changes.is_recorded])).tolist()
    ranges = changes.ranges()
    assert [number for first, last in ranges for number in range(first, last + 1)] == numbers
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(ranges))


def test_what_never_changed_has_no_changes() -> None:
    changes = value_changes(History.of(REGIONS, FRAMES), 0, value_type("u8"))
    assert (len(changes), changes.rows(0, 10), changes.ranges()) == (0, [], [])
