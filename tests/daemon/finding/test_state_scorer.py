"""The state of a query, as the finder adds it up."""

from collections.abc import Sequence

import numpy as np
import pytest

from daemon.analysis.history import History
from daemon.analysis.value_types import value_type
from daemon.finding.evidence import Query
from daemon.finding.finder import Finder
from daemon.finding.forms import Form
from daemon.finding.found import Certainty
from daemon.finding.scoring import CandidateId
from daemon.finding.state_scorer import StateScorer
from tests.daemon.finding.made_game import BASE, MadeGame

SETS, SCENE, TIMER = 1800, 0x31, 0x40
NAMES = ("field", "battle", "menu", "shop")
QUERY = Query("scene", field="context")


@pytest.fixture(scope="module")
def scenes() -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    chance = np.random.default_rng(3)
    found: list[int] = []
    while len(found) < SETS:
        scene = chance.choice([each for each in range(4) if not found or each != found[-1]])
        found += [int(scene)] * int(chance.integers(30, 120))
    return np.array(found[:SETS], np.uint8)


@pytest.fixture(scope="module")
def history(scenes: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> History:
    game, chance = MadeGame(SETS, 512), np.random.default_rng(4)
    game.put(SCENE, scenes * 3)
    game.put(TIMER, np.arange(SETS, dtype="<u4"))
    for position in range(0x60, 0x200):
        moves = chance.random(SETS) < chance.choice([0.002, 0.02, 0.2])
        values = chance.integers(0, 5, SETS)
        game.put(position, values[np.maximum.accumulate(np.where(moves, np.arange(SETS), 0))].astype(np.uint8))
    return game.history()


def labelled(scenes: Sequence[int], names: Sequence[str] = NAMES) -> list[str]:
    """Labels half a second late, of the first ninety seconds."""
    late = [scenes[max(0, place - 6)] for place in range(1080)]
    return [names[scene] for scene in late] + [""] * (SETS - 1080)


def test_the_byte_that_tells_the_labels_is_first(history: History, scenes: Sequence[int]) -> None:
    found = Finder(history, [StateScorer(lambda _field: labelled(scenes))]).find(QUERY)
    first = found.candidates[0]
    assert (first.address, first.type.name) == (BASE + SCENE, "u8")
    assert found.certainty is Certainty.CERTAIN
    assert all(line.holds for line in first.evidence)
    names = {f"it was {3 * number}, which stands for {name}" for number, name in enumerate(NAMES)}
    assert {line.text for line in first.evidence} <= names
    assert sum(line.nats for line in first.evidence) == pytest.approx(first.score, abs=1.5)


def test_two_values_are_said_to_be_not_enough(history: History, scenes: Sequence[int]) -> None:
    labels = labelled(scenes, ("field", "battle", "field", "field"))
    found = Finder(history, [StateScorer(lambda _field: labels)]).find(QUERY)
    assert found.certainty is Certainty.UNSURE
    assert found.problems[0].startswith("context has only battle and field here")


def test_no_labels_are_said_to_be_none(history: History) -> None:
    found = Finder(history, [StateScorer(lambda _field: [""] * SETS)]).find(QUERY)
    assert found.problems[0].startswith("context has no labels here")


def test_other_queries_are_none_of_its_business(history: History) -> None:
    assert StateScorer(lambda _field: []).scores(Query("hp"), history) is None


def test_a_wider_value_over_the_state_gains_nothing_by_it(history: History, scenes: Sequence[int]) -> None:
    scores = StateScorer(lambda _field: labelled(scenes)).scores(QUERY, history)
    assert scores is not None
    wide = scores.of(value_type("u16"), Form.EQUAL)
    assert isinstance(wide, float)
    assert scores.evidence(CandidateId(SCENE, value_type("u8"), Form.EQUAL))[0].nats > wide + 20


def test_labels_that_were_added_are_taken(history: History, scenes: Sequence[int]) -> None:
    labels = [""] * SETS
    scorer = StateScorer(lambda _field: list(labels))
    finder = Finder(history, [scorer])
    assert finder.find(QUERY).problems
    labels[:] = labelled(scenes)
    assert finder.find(QUERY).candidates[0].address == BASE + SCENE


def test_a_wrong_run_is_shown_as_contradicting_the_state(history: History, scenes: Sequence[int]) -> None:
    labels = labelled(scenes)
    start = labels.index("menu")
    end = next(place for place in range(start, SETS) if labels[place] != "menu")
    other = next(name for name in NAMES if name not in {labels[start - 1], "menu", labels[end]})
    labels[start:end] = [other] * (end - start)
    found = Finder(history, [StateScorer(lambda _field: labels)]).find(QUERY)
    first = found.candidates[0]
    assert first.address == BASE + SCENE
    [wrong] = [line for line in first.evidence if not line.holds]
    assert start <= wrong.number < end
    assert wrong.text == f"it was 6, which stands for menu, not {other}"
    [problem] = found.problems
    assert problem.startswith(f"The state at frame set {wrong.number} contradicts")


def test_many_runs_are_listed_in_part(history: History, scenes: Sequence[int]) -> None:
    labels = [name if place % 8 < 5 else "" for place, name in enumerate(labelled(scenes))]
    for place in range(400, 440):
        labels[place] = "shop" if labels[place] else ""
    first = Finder(history, [StateScorer(lambda _field: labels)]).find(QUERY).candidates[0]
    assert first.address == BASE + SCENE
    assert len(first.evidence) == 25
    assert sum(not line.holds for line in first.evidence) >= 3
    assert any(line.text.endswith("more labelled runs") for line in first.evidence)
