"""States: the byte that tells a label field is found from clean labels, late ones, wrong ones."""

import numpy as np
import pytest

from daemon.finding.states import UNKNOWN, LabelledRun, bytes_at, label_samples, labelled_runs, score_states
from tests.daemon.analysis.recording import Recording, history_of
from tests.daemon.suggesting.played import play, read_off, typed_live
from tests.fakes.demo_game import symbol_address

SETS = 2_160


def test_runs_are_equal_labels_one_after_the_other() -> None:
    assert labelled_runs(["", "a", "a", "b", "", "b"]) == [
        LabelledRun(1, 2, "a"),
        LabelledRun(3, 3, "b"),
        LabelledRun(5, 5, "b"),
    ]
    assert labelled_runs([]) == []


def test_samples_leave_out_the_end_of_a_run_that_may_belong_to_the_next() -> None:
    samples = label_samples([LabelledRun(0, 99, "a"), LabelledRun(100, 103, "b"), LabelledRun(104, 104, "a")], 14)
    assert samples.names == ("a", "b")
    assert samples.places[samples.places < 100].max() < 100 - 14
    assert set(samples.places[samples.labels == 1].tolist()) <= {100, 101}
    assert samples.weights.sum() == pytest.approx(3)


def test_many_runs_are_looked_at_here_and_there() -> None:
    runs = [LabelledRun(2 * place, 2 * place, "ab"[place % 2]) for place in range(5000)]
    samples = label_samples(runs, 14)
    assert len(samples) <= 600
    assert (samples.places[0], samples.places[-1]) == (0, 9998)


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
