"""The example that imitates a person and then learns by playing, in its short form."""

import runpy
from collections.abc import Sequence
from pathlib import Path

from protocol.session.reader import SessionReader
from tests.learning.recorded import ROOT


def test_an_agent_from_labels(players: Sequence[SessionReader], tmp_path: Path) -> None:
    folders = [str(session.folder.path) for session in players]
    learn = runpy.run_path(str(ROOT / "docs" / "examples" / "learn_to_fight.py"))["main"]
    short = ("--steps", "2048", "--battles", "6", "--epochs", "40", "--plot", str(tmp_path / "curve.png"))
    found = learn([*folders, *short])
    assert found["imitation, then reinforcement"] > found["by chance"]
    assert (tmp_path / "curve.png").stat().st_size > 5000
