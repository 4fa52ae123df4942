"""States: the byte that tells a label field is found from clean labels, late ones, wrong ones."""

import numpy as np
import pytest

from daemon.finding.label_runs import LabelledRun, labelled_runs
from daemon.finding.states import score_states
from tests.daemon.finding.made_game import MadeGame
from tests.daemon.suggesting.played import play, read_off, typed_live
from tests.fakes.demo_game import symbol_address

SETS = 2_160


@pytest.mark.parametrize("seed", range(4))
def test_the_scene_is_found_by_labels_read_off_pictures(seed: int) -> None:
    played = play(SETS)
    scores = score_states(played.history, labelled_runs(read_off(played.truth, 0.1, seed)))
    assert played.history.address_of(int(scores.positions[0])) == symbol_address("scene")
    assert scores.nats[0] - scores.nats[1] > 4


@pytest.mark.parametrize("seed", range(4))
def test_the_scene_is_found_by_late_labels_some_of_which_are_wrong(seed: int) -> None:
    played = play(SETS)
    labels, _ = typed_live(played.truth, seed)
    scores = score_states(played.history, labelled_runs(labels))
    assert played.history.address_of(int(scores.positions[0])) == symbol_address("scene")


def test_labels_that_are_all_the_same_tell_nothing() -> None:
    history = play(SETS).history
    assert not len(score_states(history, [LabelledRun(5, 90, "battle")]).positions)
    assert not len(score_states(history, []).positions)


def test_a_value_on_the_way_to_the_next_costs_a_state_nothing() -> None:
    """A screen that is drawn once tells the scene as well, and changes half as often."""
    sets, length, transition, late = 1_200, 60, 6, 8
    scenes = np.repeat(np.random.default_rng(1).permutation(np.arange(sets // length) % 4), length)
    state = scenes.astype(np.uint8)
    begins = np.flatnonzero(scenes[1:] != scenes[:-1]) + 1
    for begin in begins:
        state[begin - transition : begin] = 9
    game = MadeGame(sets, 64)
    game.put(0x10, state)
    for place in range(0x20, 0x30):
        game.put(place, (scenes % 3).astype(np.uint8))
    labels = ["abcd"[scenes[max(0, place - late)]] for place in range(sets)]
    scores = score_states(game.history(), labelled_runs(labels))
    assert scores.positions[0] == 0x10
    assert scores.nats[0] - scores.nats[1] > 8
