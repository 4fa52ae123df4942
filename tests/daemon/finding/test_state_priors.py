"""Bytes that seldom are states: those of the stack, and pieces of pointers."""

import numpy as np

from daemon.analysis.history import History
from daemon.finding.state_priors import state_priors
from protocol.regions import Region
from tests.daemon.finding.made_game import MadeGame

SETS = 40
PLACES = np.arange(0, SETS, 2)


def made(words: list[int]) -> History:
    game = MadeGame(SETS, 64)
    game.put(8, np.array([words[place % len(words)] for place in range(SETS)], "<u4"))
    return game.history()


def test_pieces_of_pointers_are_behind_numbers() -> None:
    for words in ([0x0801_2345, 0x0800_77A1], [0x0300_1234, 0x0300_0010], [0x0203_FF00, 0x0200_0000]):
        assert (state_priors(made(words), np.arange(8, 12), PLACES) == -2).all()
    for words in ([0x0000_0003, 0x0000_0801], [0x0301_0203, 0x0308_0009], [0x0205_0102, 0x0A00_0000]):
        assert (state_priors(made(words), np.arange(8, 12), PLACES) == 0).all()


def test_a_word_that_is_seldom_a_pointer_is_none() -> None:
    assert (state_priors(made([0x0801_2345, 3, 5, 9]), np.arange(8, 12), PLACES) == 0).all()


def test_the_stack_is_behind_the_rest_of_memory() -> None:
    game = MadeGame(SETS, 64)
    game.region = Region("iwram", 0x0300_7BE0, 64, 1)
    nats = state_priors(game.history(), np.arange(64), PLACES)
    assert (nats[:32] == 0).all()
    assert (nats[32:] == -3).all()
