"""Pairs of bytes that tell a label where no single byte does."""

import numpy as np
import pytest

from daemon.analysis.history import History
from daemon.finding.label_runs import labelled_runs
from daemon.finding.state_pairs import best_pair
from daemon.finding.states import score_states
from tests.daemon.finding.made_game import BASE, MadeGame

SETS, BANK, NUMBER = 3_000, 0x31, 0x46
NAMES = ("coast", "cave", "town", "tower", "wood", "shop", "lake", "camp", "mine")


@pytest.fixture(scope="module")
def rooms() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Nine rooms: the bank is that of three, the number stands for three, in different banks."""
    chance = np.random.default_rng(5)
    found: list[int] = []
    while len(found) < SETS:
        found += [int(chance.integers(len(NAMES)))] * int(chance.integers(30, 90))
    return np.array(found[:SETS])


@pytest.fixture(scope="module")
def history(rooms: np.ndarray[tuple[int], np.dtype[np.int64]]) -> History:
    game, chance = MadeGame(SETS, 512), np.random.default_rng(6)
    game.put(BANK, (1 + rooms // 3).astype(np.uint8))
    game.put(NUMBER, (rooms % 3).astype(np.uint8))
    for position in range(0x80, 0x200):
        moves = chance.random(SETS) < chance.choice([0.002, 0.02])
        values = chance.integers(0, 5, SETS)
        game.put(position, values[np.maximum.accumulate(np.where(moves, np.arange(SETS), 0))].astype(np.uint8))
    return game.history()


def labels_of(rooms: np.ndarray[tuple[int], np.dtype[np.int64]], wrong: float = 0.0) -> list[str]:
    """Labels half a second late, some of the runs wrong."""
    chance = np.random.default_rng(7)
    labels = [NAMES[rooms[max(0, place - 6)]] for place in range(SETS)]
    for run in labelled_runs(labels):
        if chance.random() < wrong:
            labels[run.first : run.last + 1] = [str(chance.choice(NAMES))] * len(run)
    return labels


@pytest.mark.parametrize("wrong", [0.0, 0.1])
def test_a_bank_and_a_number_tell_a_room_together(
    history: History, rooms: np.ndarray[tuple[int], np.dtype[np.int64]], wrong: float
) -> None:
    runs = labelled_runs(labels_of(rooms, wrong))
    pair = best_pair(history, runs, score_states(history, runs))
    assert pair is not None
    assert set(pair.positions) == {BANK, NUMBER}


def test_one_byte_that_tells_needs_no_other(
    history: History, rooms: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> None:
    banks = [("sea", "land", "night")[NAMES.index(label) // 3] for label in labels_of(rooms, 0.1)]
    runs = labelled_runs(banks)
    scores = score_states(history, runs)
    assert history.address_of(int(scores.positions[0])) == BASE + BANK
    assert best_pair(history, runs, scores) is None


def test_labels_by_chance_have_no_pair(history: History) -> None:
    chance = np.random.default_rng(8)
    labels = [str(chance.choice(NAMES)) for _ in range(SETS // 40)]
    runs = labelled_runs([label for label in labels for _ in range(40)])
    assert best_pair(history, runs, score_states(history, runs)) is None
