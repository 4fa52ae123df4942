"""The evaluation runs in its short form, and its statistics are right."""

import pytest

from tests.evaluation.__main__ import main
from tests.evaluation.statistics import Share, Table, share_of


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("mgba", "arm_compiler")
def test_the_short_evaluation_finds_most_variables(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--short"])
    out = capsys.readouterr().out
    for game in ("demo game", "test game"):
        assert f"{game}: readings typed live in 60 s of play" in out
        assert f"{game}: keys pressed at events" in out
        assert f"{game}: readings typed live in 60 s, and a poke" in out
        assert f"{game}: axes by one probe" in out
        assert f"{game}: suggested labels" in out
    assert "Certainty, over all queries" in out


def test_an_interval_of_wilson() -> None:
    assert Share(72, 72).interval() == pytest.approx((0.949, 1.0), abs=0.001)
    assert share_of([True] * 8 + [False] * 2).interval() == pytest.approx((0.490, 0.943), abs=0.001)
    assert str(Share(0, 0)) == "no case"


def test_a_table_is_markdown() -> None:
    text = Table("Ducks", ("kind", "share"), (("drake", "50%"),), ("Both swim.",)).text()
    assert text == "### Ducks\n\n| kind | share |\n| --- | --- |\n| drake | 50% |\n\nBoth swim.\n"
