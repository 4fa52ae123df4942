"""The axis of a query, as the finder adds it up."""

from daemon.analysis.value_types import VALUE_TYPES
from daemon.finding.axis_scorer import AxisScorer
from daemon.finding.evidence import Axis, Query
from daemon.finding.finder import Finder
from daemon.finding.forms import Form
from daemon.finding.scoring import CandidateId
from tests.daemon.finding.test_axes import BUTTONS
from tests.fakes.walked_game import REGION, walked

X, CAMERA = REGION.base, REGION.base + 12


def test_a_finder_puts_the_place_and_its_copy_first() -> None:
    history = walked(BUTTONS)
    found = Finder(history).find(Query("x", axis=Axis("Left", "Right")))
    first = found.candidates[0]
    assert first.address in {X, CAMERA}
    assert {X, CAMERA} <= {first.address, *(mirror.address for mirror in first.mirrors), found.candidates[1].address}
    (line,) = first.evidence
    assert line.holds
    assert line.text == "it moved the same way in 12 of 12 presses of Left/Right, the other way in 0"


def test_what_never_moves_with_it_has_the_least_score() -> None:
    history = walked(BUTTONS)
    scores = AxisScorer().scores(Query("x", axis=Axis("Left", "Right")), history)
    assert scores is not None
    kind = VALUE_TYPES["u16"]
    row = scores.of(kind, Form.EQUAL)
    assert row[40] == row.min() == -4  # type: ignore[index, union-attr]
    assert row[0] == row.max() <= 8  # type: ignore[index, union-attr]
    (line,) = scores.evidence(CandidateId(40, kind, Form.EQUAL))
    assert not line.holds
    assert "never moved" in line.text


def test_an_axis_that_nobody_pressed_says_so() -> None:
    found = Finder(walked(["A", ""])).find(Query("x", axis=Axis("Left", "Right")))
    assert found.problems == ("Nobody pressed Left/Right in this recording: the axis is left out.",)


def test_it_is_worked_out_once_for_a_recording() -> None:
    history, scorer = walked(BUTTONS), AxisScorer()
    query = Query("x", axis=Axis("Left", "Right"))
    assert scorer.scores(query, history) is scorer.scores(query, history)
    assert scorer.scores(query, walked(BUTTONS)) is not scorer.scores(query, history)
    assert scorer.scores(Query("x"), history) is None


def test_every_type_has_a_score_at_every_offset() -> None:
    history = walked(BUTTONS)
    scores = AxisScorer().scores(Query("x", axis=Axis("Up", "Down")), history)
    assert scores is not None
    for kind in VALUE_TYPES.values():
        assert len(scores.of(kind, Form.EQUAL)) == history.size - kind.width + 1  # type: ignore[arg-type]
