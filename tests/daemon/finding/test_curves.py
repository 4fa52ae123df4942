import numpy as np

from daemon.analysis.value_types import value_type
from daemon.finding.curves import Curve, Curves
from daemon.finding.forms import Form
from daemon.finding.scoring import CandidateId
from tests.daemon.finding.made_game import MadeGame


def test_a_curve_has_the_numbers_as_they_are_shown() -> None:
    game = MadeGame(sets=30)
    game.put(8, np.repeat([3, 5, 4], 10).astype(np.uint8))
    curve = Curves(game.history()).of(CandidateId(8, value_type("u8"), Form.TIMES_TEN))
    assert curve.at(np.array([0, 9, 10, 20, 29])).tolist() == [30, 30, 50, 40, 40]


def test_before_it_is_known_it_has_no_number() -> None:
    game = MadeGame(sets=30)
    curve = Curves(game.history(unknown_until=12)).of(CandidateId(8, value_type("u8"), Form.EQUAL))
    assert np.isnan(curve.at(np.array([0, 11, 12]))).tolist() == [True, True, False]
    assert np.isnan(Curve(np.empty(0, np.int64), np.empty(0), 5).at(np.array([3]))).all()
