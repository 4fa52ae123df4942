import numpy as np

from daemon.analysis.value_types import value_type
from daemon.finding.forms import Form
from daemon.finding.priors import Priors, rarity
from tests.daemon.finding.made_game import MadeGame


def test_quiet_and_aligned_values_come_first() -> None:
    game = MadeGame(sets=60)
    game.put(8, np.arange(60, dtype=np.uint8))
    game.put(12, np.repeat(np.arange(3), 20).astype(np.uint8))
    row = Priors(game.history()).of(2)
    assert row[12] > row[8]
    assert row[12] > row[0], "nobody looks for what never changes"
    assert row[12] > row[13]
    assert row[0] > row[1]
    assert len(row) == game.memory.shape[1] - 1


def test_plain_types_and_forms_come_first() -> None:
    kinds = ["u8", "s8", "fixed24.8", "u16be"]
    costs = [rarity(value_type(name), Form.EQUAL) for name in kinds]
    assert costs == sorted(costs)
    assert len(set(costs)) == len(costs)
    assert all(rarity(value_type("u8"), Form.EQUAL) < rarity(value_type("u8"), form) for form in list(Form)[1:])
