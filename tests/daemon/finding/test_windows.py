import numpy as np
import pytest

from daemon.analysis.value_types import VALUE_TYPES
from daemon.finding.windows import Samples, places_between, sets_in
from tests.daemon.analysis.recording import SEEDS, Recording, history_of
from tests.daemon.analysis.searched import TYPES, number
from tests.daemon.finding.made_game import MadeGame


@pytest.mark.parametrize(("seed", "shift"), [*((seed, 0) for seed in SEEDS), (0, 3)])
@pytest.mark.parametrize("at_once", [100, 1])
def test_samples_are_memory_as_it_was(seed: int, shift: int, at_once: int) -> None:
    recording = Recording(seed, shift=shift)
    history = history_of(recording, at_once)
    chance = np.random.default_rng(seed)
    compared = 0
    for _ in range(12):
        places = np.unique(chance.integers(0, len(recording.numbers), 6))
        samples = Samples.of(history, places)
        first = int(places[0])
        assert samples.known.tolist() == recording.known[first].tolist()
        for kind in VALUE_TYPES.values():
            for offset in range(4):
                typed = samples.moving(kind, offset)
                assert typed.valid is not None
                for column, position in enumerate(samples.positions(offset).tolist()):
                    value_bytes = slice(position, position + kind.width)
                    if value_bytes.stop > history.size:
                        assert not typed.valid[:, column].any()
                        continue
                    for row, place in enumerate(places.tolist()):
                        known = bool(recording.known[place][value_bytes].all())
                        data = recording.memory[place][position : position + TYPES[kind.name]]
                        expected = number(kind.name, data) if known else None
                        assert bool(typed.valid[row, column]) == (expected is not None)
                        if expected is not None:
                            assert typed.values[row, column] == expected
                            compared += 1
    assert compared > 1000


def test_what_does_not_move_is_in_the_image_alone() -> None:
    game = MadeGame(sets=24)
    game.put(0, np.full(24, 7, np.uint8))
    game.put(8, np.arange(24, dtype=np.uint8))
    samples = Samples.of(game.history(), np.arange(2, 20))
    assert samples.words.tolist() == [1, 2]
    assert samples.image[[0, 8]].tolist() == [7, 2]


def test_a_window_is_counted_in_numbers_over_a_gap() -> None:
    timeline = MadeGame(sets=40).history(lost=range(10, 20)).timeline
    assert sets_in(1, timeline) == 12
    assert timeline.numbers[places_between(timeline, 8, 21)].tolist() == [8, 9, 20, 21]
    assert places_between(timeline, 11, 18).tolist() == []
    assert timeline.numbers[places_between(timeline, 7.5, 9.2)].tolist() == [8, 9]
