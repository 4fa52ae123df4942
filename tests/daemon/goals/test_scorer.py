import numpy as np
import pytest

from daemon.goals.goals import GoalJudge, parse_goal
from daemon.goals.scorer import GoalScorer

NAMES = ("money", "hp", "level")


@pytest.mark.parametrize(
    "document",
    [
        {"reward": "money.delta * 2 - hp", "done": "hp == 0"},
        {"reward": "level", "done": "money.delta < 0 - 3"},
        {"reward": "1", "done": "level >= 4 and not hp"},
        {"done": "0"},
    ],
)
def test_it_scores_as_recorded_frame_sets_are_judged(document: dict[str, str]) -> None:
    goal = parse_goal(document, NAMES, "x.json")
    random = np.random.default_rng(1)
    values = random.integers(0, 6, (50, len(goal.names))).astype(np.float64)
    scorer = GoalScorer(goal)
    for first in range(0, 50, 10):
        part = values[first : first + 10]
        judged = [GoalJudge(goal).judge(part[place : place + 2], [0, 0], [None, None]) for place in range(9)]
        scorer.begin(part[0])
        scored = [scorer.step(row) for row in part[1:]]
        over = [bool(each.dones[0]) for each in judged]
        for step, each, is_over in zip(scored, judged, over, strict=True):
            assert step == (0.0 if is_over else each.rewards[1], each.dones[1]) or is_over


def test_what_is_not_known_is_nothing() -> None:
    scorer = GoalScorer(parse_goal({"reward": "hp.delta", "done": "hp == 0"}, NAMES, "x.json"))
    scorer.begin(np.array([3.0]))
    assert scorer.step(np.array([np.nan])) == (0.0, False)
    assert scorer.step(np.array([2.0])) == (0.0, False)
    assert scorer.step(np.array([0.0])) == (-2.0, True)


def test_without_a_goal_nothing_is_gained() -> None:
    scorer = GoalScorer(None)
    scorer.begin(np.empty(0))
    assert scorer.step(np.empty(0)) == (0.0, False)


def test_a_division_by_zero_without_names_is_nothing() -> None:
    scorer = GoalScorer(parse_goal({"reward": "1 / 0"}, NAMES, "x.json"))
    scorer.begin(np.empty(0))
    assert scorer.step(np.empty(0)) == (0.0, False)
