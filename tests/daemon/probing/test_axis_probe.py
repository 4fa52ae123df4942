"""The probe of both axes on a made-up game that jumps, without a core."""

from typing import cast

import numpy as np
import pytest

from daemon.finding.axes import AxisScores
from daemon.probing.axis_probe import BUDGET, AxisProbe
from daemon.probing.played_session import PlayedSession
from daemon.probing.request import Verdict
from protocol.console import GBA
from tests.fakes.jumping_game import ONE, Jumper, MadeSession, X, Y


def nothing_recorded() -> AxisScores:
    none = np.empty(0, np.int64)
    return AxisScores(none, none, none.astype(np.float64), none.astype(np.int8), none, none)


def probed(game: Jumper) -> tuple[AxisProbe, MadeSession]:
    session = MadeSession(game)
    probe = AxisProbe(cast("PlayedSession", session), [nothing_recorded(), nothing_recorded()])
    probe.try_at(0)
    probe.try_jump()
    probe.settle()
    return probe, session


def test_where_up_and_down_move_nothing_a_jump_shows_y() -> None:
    probe, session = probed(Jumper())
    level, upright = probe.groups()
    assert probe.jumps
    assert (level.name, upright.name) == ("Left/Right", "Up/Down")
    x, y = level.candidates[0], upright.candidates[0]
    assert (x.address, y.address) == (X, Y)
    assert (x.verdict, y.verdict) == (Verdict.SOURCE, Verdict.SOURCE)
    assert list(y.moves) == ["A"]
    assert y.moves["A"] < 0
    assert "with A" in y.reason
    assert "with ," not in y.reason
    assert session.frames <= BUDGET


@pytest.mark.parametrize(
    "game", [Jumper(y=30 * ONE, dy=ONE), Jumper(keys=GBA.parse_combination("A"))], ids=["in the air", "held already"]
)
def test_where_a_jump_moves_nothing_either_there_is_no_y(game: Jumper) -> None:
    probe, session = probed(game)
    level, upright = probe.groups()
    assert level.candidates[0].address == X
    assert upright.candidates == ()
    assert not probe.jumps
    assert session.frames <= BUDGET
