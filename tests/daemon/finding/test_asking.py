import numpy as np

from daemon.finding.asking import picture_to_ask_for
from daemon.finding.curves import Curve
from tests.daemon.finding.made_game import MadeGame

END = 240
TIMELINE = MadeGame(sets=END).history().timeline


def curve(*steps: tuple[int, int]) -> Curve:
    places, numbers = zip(*steps, strict=True)
    return Curve(np.array(places), np.array(numbers, np.float64), END)


def test_it_is_one_where_the_best_candidates_differ() -> None:
    ask = picture_to_ask_for(TIMELINE, [curve((0, 9), (100, 7)), curve((0, 9), (140, 7))], [0, -1], ())
    assert ask is not None
    assert 102 <= ask <= 138


def test_it_is_none_that_was_read_already() -> None:
    curves = [curve((0, 9), (100, 7), (110, 9)), curve((0, 9))]
    first = picture_to_ask_for(TIMELINE, curves, [0, 0], ())
    assert first is not None
    assert picture_to_ask_for(TIMELINE, curves, [0, 0], (first,)) not in {None, first}


def test_there_is_none_where_none_tells_them_apart() -> None:
    same = curve((0, 9), (100, 7))
    assert picture_to_ask_for(TIMELINE, [same, same], [0, 0], ()) is None
    assert picture_to_ask_for(TIMELINE, [same], [0], ()) is None
    assert picture_to_ask_for(TIMELINE, [same, curve((0, 3))], [0, -20], ()) is None


def test_it_tells_the_likely_ones_apart_and_not_the_others() -> None:
    one, other = curve((0, 9), (100, 7), (120, 9)), curve((0, 9))
    unlikely = curve((0, 9), (180, 2), (230, 9))
    ask = picture_to_ask_for(TIMELINE, [one, other, unlikely], [0, 0, -3], ())
    assert ask is not None
    assert 100 < ask < 120
