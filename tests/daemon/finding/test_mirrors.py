import numpy as np

from daemon.analysis.value_types import value_type
from daemon.finding.curves import Curve, Curves
from daemon.finding.forms import Form
from daemon.finding.mirrors import Ranked, follows, grouped, precedes
from daemon.finding.scoring import CandidateId
from tests.daemon.finding.made_game import MadeGame

END = 600


def curve(*steps: tuple[int, int]) -> Curve:
    places, numbers = zip(*steps, strict=True)
    return Curve(np.array(places), np.array(numbers, np.float64), END)


def test_a_copy_may_be_late_and_still_follows() -> None:
    one = curve((0, 9), (100, 7), (200, 5), (300, 8))
    assert follows(one, one)
    assert follows(one, curve((0, 9), (102, 7), (203, 5), (300, 8)))
    assert follows(curve((0, 9), (102, 7), (203, 5), (300, 8)), one)


def test_another_value_with_the_same_numbers_most_of_the_time_does_not() -> None:
    assert not follows(curve((0, 9), (100, 7), (110, 9), (500, 7)), curve((0, 9), (300, 7), (305, 9), (400, 8)))


def test_the_source_of_a_gauge_is_ahead_of_it() -> None:
    true = curve((0, 9), (100, 6), (200, 2))
    gauge = curve((0, 9), (101, 8), (102, 7), (103, 6), (201, 4), (202, 3), (203, 2))
    assert precedes(true, gauge)
    assert not precedes(gauge, true)


def test_values_that_never_change_follow_nothing() -> None:
    assert not follows(curve((0, 9)), curve((0, 9)))


def test_the_same_bytes_are_one_group_and_the_best_stands_first() -> None:
    game = MadeGame(sets=60)
    game.put(8, np.repeat([3, 5, 4], 20).astype("<u2"))
    game.put(20, np.repeat([3, 5, 4], 20).astype(np.uint8))
    game.put(30, np.repeat([3, 5, 9], 20).astype(np.uint8))
    ids = [
        CandidateId(position, value_type(name), Form.EQUAL)
        for position, name in ((8, "u8"), (8, "u16"), (7, "u16be"), (20, "u8"), (30, "u8"))
    ]
    groups = grouped([Ranked(each, -index) for index, each in enumerate(ids)], Curves(game.history()), 9)
    assert [[group.first.id, *(each.id for each in group.mirrors)] for group in groups] == [ids[:4], ids[4:]]


def test_no_more_groups_than_asked_for() -> None:
    game = MadeGame(sets=60)
    ids = [CandidateId(position, value_type("u8"), Form.EQUAL) for position in range(10)]
    assert len(grouped([Ranked(each, 0) for each in ids], Curves(game.history()), 4)) == 4


def test_the_source_stands_before_its_copy() -> None:
    values = np.repeat([3, 5, 4, 9], 15).astype(np.uint8)
    game = MadeGame(sets=60)
    game.put(8, np.concatenate((values[:2], values[:-2])))
    game.put(20, values)
    copy, source = (CandidateId(position, value_type("u8"), Form.EQUAL) for position in (8, 20))
    curves = Curves(game.history())
    assert precedes(curves.of(source), curves.of(copy))
    assert not precedes(curves.of(copy), curves.of(source))
    (group,) = grouped([Ranked(copy, -1), Ranked(source, -1.2)], curves, 9)
    assert (group.first.id, group.mirrors[0].id) == (source, copy)
    (group,) = grouped([Ranked(copy, -1), Ranked(source, -9)], curves, 9)
    assert group.first.id == copy
