"""Bytes after frame sets, as memory had them."""

import numpy as np
import pytest

from daemon.finding.byte_columns import UNKNOWN, bytes_at, changes_in
from tests.daemon.analysis.recording import Recording, history_of
from tests.daemon.finding.made_game import FRAMES, MadeGame
from tests.daemon.suggesting.played import play
from tests.fakes.demo_game import symbol_address

SETS = 2_160


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("blocks_at_once", [100, 1])
def test_bytes_are_those_of_memory(seed: int, blocks_at_once: int) -> None:
    recording = Recording(seed)
    history = history_of(recording, blocks_at_once)
    places = np.array([0, 3, 4, 20, len(recording.numbers) - 1])
    positions = np.arange(history.size)
    values = bytes_at(history, positions, places, lag=0)
    for column, place in enumerate(places.tolist()):
        memory = history.memory_at(recording.numbers[place])
        is_known = memory.known
        assert ((values[:, column] != UNKNOWN) == is_known).all()
        assert (values[is_known, column] == memory.image[is_known]).all()


def test_a_set_has_what_is_scanned_soon_after_it() -> None:
    played = play(SETS)
    position = np.array([played.history.position_of(symbol_address("scene"))])
    [values] = bytes_at(played.history, position, np.arange(SETS))
    names = dict(zip(values.tolist(), played.truth, strict=True))
    assert (
        np.mean([names[value] == context for value, context in zip(values.tolist(), played.truth, strict=True)]) > 0.99
    )


def test_changes_are_counted_window_by_window() -> None:
    game = MadeGame(40, 16)
    game.put(5, (np.arange(40) // 3).astype(np.uint8))
    game.put(6, (np.arange(40) >= 20).astype(np.uint8))
    window = np.full(40 * FRAMES, -1, np.int32)
    window[3 * FRAMES : 9 * FRAMES] = 0
    window[18 * FRAMES : 22 * FRAMES] = 1
    assert changes_in(game.history(), np.array([5, 6, 9]), window, 2).tolist() == [[2, 2], [0, 1], [0, 0]]
