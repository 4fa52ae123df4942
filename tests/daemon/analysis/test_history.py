"""The index against what the memory of a made-up recording did."""

from itertools import pairwise

import numpy as np
import pytest

from daemon.analysis.history import History
from daemon.analysis.value_types import VALUE_TYPES, ValueType, value_type
from protocol.errors import AnalysisError, MomentError
from tests.daemon.analysis.recording import (
    FRAMES,
    REGIONS,
    SEEDS,
    WORDS,
    Recording,
    changes_in,
    history_of,
    stretches,
    times_of,
)


def test_the_made_up_recordings_have_unknown_words() -> None:
    unknown = [sum(not known.all() for known in Recording(seed).known[5:]) for seed in SEEDS]
    assert min(unknown) > 0, "nothing was ever unknown"


def test_memory_after_every_set_is_as_it_was(recording: Recording, history: History) -> None:
    for number, memory, known in zip(recording.numbers, recording.memory, recording.known, strict=True):
        seen = history.memory_at(number)
        assert seen.known.tolist() == known.tolist()
        image = np.where(known, np.frombuffer(memory, np.uint8), 0)
        assert seen.image.tolist() == image.tolist()


def test_a_set_that_was_not_recorded_is_named_with_its_neighbours(recording: Recording, history: History) -> None:
    before, after = next(pair for pair in pairwise(recording.numbers) if pair[1] > pair[0] + 1)
    with pytest.raises(MomentError, match=f"no frame set {before + 1} .*: the nearest are {before} and {after}"):
        history.memory_at(before + 1)
    with pytest.raises(MomentError, match="nothing has been recorded"):
        History.of(REGIONS, FRAMES).memory_at(0)


@pytest.mark.parametrize("kind", VALUE_TYPES.values(), ids=VALUE_TYPES)
def test_values_over_time_are_those_of_memory(recording: Recording, kind: ValueType) -> None:
    history = history_of(recording, 2)
    compared = 0
    for position in np.flatnonzero(history.fits(kind.width)).tolist():
        steps = history.values_of(position, kind)
        values = steps.numbers()
        assert (np.diff(steps.time) > 0).all()
        assert steps.time.tolist() == sorted(steps.time.tolist())
        for place, (memory, known) in enumerate(zip(recording.memory, recording.known, strict=True)):
            step = int(np.searchsorted(steps.time, history.timeline.end_of(place), "right")) - 1
            value = values[step] if step >= 0 else None
            value_bytes = slice(position, position + kind.width)
            expected = kind.read(memory[value_bytes]) if known[value_bytes].all() else None
            assert value == expected, (position, place)
            compared += expected is not None
    assert compared


def test_a_value_takes_a_step_only_where_it_changes(recording: Recording, history: History) -> None:
    changed = changes_in(recording, (-1, 1000))
    for position in (0, 3, 21):
        steps = history.values_of(position, value_type("u32" if position % 4 else "u8"))
        width = 4 if position % 4 else 1
        value_bytes = slice(position, position + width)
        times = {
            time
            for time, moved in changed
            if moved[value_bytes].any() and recording.known[max(0, time // FRAMES - 1)][value_bytes].all()
        }
        assert times <= set(steps.time.tolist())
        values = steps.numbers()
        assert all(before != after for before, after in pairwise(values))


def test_bytes_that_changed_in_a_stretch(recording: Recording, history: History) -> None:
    for stretch in stretches(recording):
        expected = np.zeros(4 * WORDS, np.bool_)
        for _, moved in changes_in(recording, stretch):
            expected |= moved
        assert history.changed(*times_of(history, stretch)).tolist() == expected.tolist()


def test_bytes_that_differed_in_a_stretch_count_restated_ones_too(recording: Recording, history: History) -> None:
    restated = 0
    for first, last in stretches(recording)[1:]:
        moments = range(first, last + 1)
        expected = history.changed(*times_of(history, (first, last)))
        # The last known value of each byte before the stretch is what the first known one in it is compared with.
        before = np.zeros(4 * WORDS, np.uint8)
        seen = np.zeros(4 * WORDS, np.bool_)
        for place in range(first + 1):
            known = recording.known[place]
            before[known] = np.frombuffer(recording.memory[place], np.uint8)[known]
            seen |= known
        for place in moments[1:]:
            known, image = recording.known[place], np.frombuffer(recording.memory[place], np.uint8)
            expected |= known & seen & (image != before)
            before[known] = image[known]
            seen |= known
        found = history.differed(*times_of(history, (first, last)))
        assert (found | ~expected).all()
        restated += int((found & ~history.changed(*times_of(history, (first, last)))).sum())
    assert restated


def test_words_known_throughout_a_stretch(recording: Recording, history: History) -> None:
    for first, last in stretches(recording)[1:]:
        expected = np.logical_and.reduce(recording.known[first : last + 1])
        assert history.known_throughout(*times_of(history, (first, last))).tolist() == expected.tolist()


def test_bytes_that_changed_at_chosen_times_and_at_others(recording: Recording, history: History) -> None:
    timeline = history.timeline
    for frames in (True, False):
        chance = np.random.default_rng(5)
        times = (
            timeline.times_of_frames(chance.random(len(timeline.frames)) < 0.3)
            if frames
            else timeline.times_of_sets(chance.random(len(timeline)) < 0.3)
        )
        for stretch in stretches(recording):
            expected = np.zeros((2, 4 * WORDS), np.bool_)
            for time, moved in changes_in(recording, stretch):
                expected[0 if times[time] else 1] |= moved
            inside, outside = history.changed_where(times, *times_of(history, stretch))
            assert inside.tolist() == expected[0].tolist()
            assert outside.tolist() == expected[1].tolist()


def test_ages_count_the_sets_since_the_last_change(recording: Recording, history: History) -> None:
    for place, number in enumerate(recording.numbers):
        expected = np.full(WORDS, 255)
        for time, moved in recording.changes:
            if time // FRAMES <= place:
                expected[moved.reshape(-1, 4).any(1)] = place - time // FRAMES
        assert history.ages(number).tolist() == expected.tolist()


def test_a_word_that_changed_long_ago_is_as_old_as_one_that_never_did() -> None:
    long = Recording(3, sets=300)
    history = history_of(long)
    quiet = History.of(REGIONS, FRAMES, long.blocks[:2])
    assert int(history.ages(long.numbers[-1]).max()) <= 255
    assert quiet.ages(long.numbers[0]).max() == 255


def test_addresses_and_positions_name_each_other(recording: Recording, history: History) -> None:
    assert history.position_of(0x0300_0001) == 1
    assert history.position_of(0x0200_0000) == 48
    assert [history.address_of(position) for position in (0, 47, 48, 79)] == [
        *(0x0300_0000, 0x0300_002F),
        *(0x0200_0000, 0x0200_001F),
    ]
    assert history.addresses().tolist() == [history.address_of(position) for position in range(history.size)]
    with pytest.raises(
        AnalysisError, match="08000000 lies in no memory that is recorded: iwram 03000000 to 0300002F, ewram"
    ):
        history.position_of(0x0800_0000)


def test_no_value_spans_two_regions(recording: Recording, history: History) -> None:
    assert np.flatnonzero(~history.fits(4)).tolist() == [45, 46, 47]
    assert history.fits(1).all()
    for position in (46, 78, -1, 80):
        with pytest.raises(AnalysisError, match="its region ends before it"):
            history.values_of(position, value_type("u32"))


def test_entries_of_a_word_stand_in_their_order(recording: Recording, history: History) -> None:
    whole = history_of(recording)
    for word in range(WORDS):
        one, other = history.entries_of(word), whole.entries_of(word)
        assert one.time.tolist() == other.time.tolist() == sorted(one.time.tolist())
        assert one.value.tolist() == other.value.tolist()
        assert one.kind.tolist() == other.kind.tolist()
    assert not len(history.entries_of(WORDS + 5).time)
    assert len(history) == len(whole) == sum(len(block.entry_words) for block in recording.blocks)


def test_few_parts_are_kept() -> None:
    history = history_of(Recording(2, sets=200), 1)
    assert len(history.parts) <= 6


def test_blocks_that_are_not_later_are_refused(recording: Recording, history: History) -> None:
    with pytest.raises(MomentError, match="do not ascend"):
        history.extended(recording.blocks[-1:])
    assert history.extended([]) is history


def test_a_word_of_no_region_is_refused(recording: Recording) -> None:
    with pytest.raises(AnalysisError, match="in no region"):
        History.of(REGIONS[:1], FRAMES, recording.blocks)
