from daemon.analysis.history import History
from daemon.analysis.value_types import value_type
from daemon.finding.evidence import Axis, Query
from daemon.finding.forms import Form
from daemon.finding.scoring import CandidateId
from tests.daemon.finding.made_scorer import MadeScorer


def test_the_evidence_of_a_candidate_adds_up_to_its_score(history: History) -> None:
    scorer = MadeScorer({("u8", 3): 2.5})
    scores = scorer.scores(Query("x", axis=Axis("Left", "Right")), history)
    assert scores is not None
    nats = scores.of(value_type("u8"), Form.EQUAL)
    assert not isinstance(nats, float)
    for position in (3, 4):
        lines = scores.evidence(CandidateId(position, value_type("u8"), Form.EQUAL))
        assert sum(line.nats for line in lines) == nats[position]


def test_a_scorer_has_nothing_to_say_on_other_evidence(history: History) -> None:
    assert MadeScorer().scores(Query("x"), history) is None
