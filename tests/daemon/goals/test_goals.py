import itertools

import numpy as np
import pytest

from daemon.goals.goals import GoalJudge, Judged, parse_goal
from protocol.errors import GoalError
from protocol.session.annotations import Annotations

NAMES = ("money", "exp", "hp", "party[0].hp", "a name")


def judged(goal: dict[str, str], values: list[list[float]], episodes: list[int], *scenes: str) -> Judged:
    labels: list[Annotations | None] = [Annotations(scene=scene) for scene in scenes]
    labels = labels or [None] * len(episodes)
    return GoalJudge(parse_goal(goal, NAMES, "x.json")).judge(np.array(values, float), episodes, labels)


def test_a_reward_is_what_was_gained_since_the_frame_set_before() -> None:
    found = judged({"reward": "money.delta*1 + exp.delta*2"}, [[5, 0], [7, 0], [7, 3]], [0, 0, 0])
    assert found.rewards.tolist() == [0, 2, 6]


def test_nothing_is_gained_over_a_break_of_play() -> None:
    found = judged({"reward": "money.delta"}, [[5], [9], [10]], [0, 1, 1])
    assert found.rewards.tolist() == [0, 0, 1]


def test_it_goes_on_over_batches() -> None:
    judge = GoalJudge(parse_goal({"reward": "money.delta"}, NAMES, "x.json"))
    judge.judge(np.array([[5.0]]), [0], [None])
    assert judge.judge(np.array([[8.0]]), [0], [None]).rewards.tolist() == [3]


def test_a_reward_of_unknown_memory_is_not_known() -> None:
    found = judged({"reward": "money.delta + 1"}, [[np.nan], [9], [10]], [0, 0, 0])
    assert np.isnan(found.rewards).tolist() == [False, True, False]
    assert judged({"done": "hp == 0"}, [[np.nan]], [0]).dones.tolist() == [False]


def test_an_episode_ends_where_it_is_done() -> None:
    found = judged({"done": "hp == 0", "reward": "hp.delta"}, [[2], [0], [0], [5]], [0, 0, 0, 0])
    assert found.dones.tolist() == [False, True, True, False]
    assert found.episodes == [0, 0, 1, 2]
    assert found.rewards.tolist() == [0, -2, 0, 0]


def test_where_nobody_plays_is_an_episode_apart() -> None:
    found = judged({"reset_on": "scene title"}, [[], [], []], [0, 0, 0], "title", "cave", "title")
    assert found.resets.tolist() == [True, False, True]
    assert found.episodes == [0, 1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "hp / money",
        "money / hp - 1",
        "min(hp, exp.delta) > 0 - 1",
        "not hp or money and exp",
        "abs(hp.delta) * 2",
        "1 / 0",
    ],
)
def test_one_value_is_as_one_of_many(text: str) -> None:
    expression = parse_goal({"reward": text}, NAMES, "x.json").reward
    assert expression is not None
    numbers = (0.0, 1.0, -2.5, np.nan)
    rows = [dict(zip(NAMES, row, strict=True)) for row in itertools.product(numbers, numbers, numbers, (0.0,), (0.0,))]
    columns = {name: np.array([row[name] for row in rows]) for name in NAMES}
    many = expression.values(columns, columns)
    assert np.array_equal([expression.value(row, row) for row in rows], many, equal_nan=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("hp > 2 and not money == 1", 1),
        ("party[0].hp / 2", 2),
        ("'a name' - -1", 7),
        ("min(hp, money) + max(hp, 9) + abs(0 - hp)", 15),
        ("1", 1),
    ],
)
def test_expressions(text: str, value: float) -> None:
    goal = parse_goal({"reward": text}, NAMES, "x.json")
    values = {"hp": 3.0, "money": 4.0, "party[0].hp": 4.0, "a name": 6.0}
    found = GoalJudge(goal).judge(np.array([[values[name] for name in goal.names]]), [0], [None])
    assert found.rewards.tolist() == [value]


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ({"reward": "mony.delta"}, "has 'mony', which is no name of memory of these games; is 'money' meant?"),
        ({"reward": "__import__('os')"}, "has '__import__'"),
        ({"reward": "money ** 2"}, "cannot be read"),
        ({"reward": "money +"}, "cannot be read"),
        ({"done": "min(hp)"}, "cannot be read"),
        ({"reset_on": "title"}, "must be a label field and a value"),
        ({"rewards": "hp"}, "may hold reward, done, reset_on, not rewards"),
        ({}, "not nothing"),
        ({"reward": 3}, "must be an object of texts"),
        ([], "must be an object of texts"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(goal: object, told: str) -> None:
    with pytest.raises(GoalError) as caught:
        parse_goal(goal, NAMES, "x.json")
    assert told in str(caught.value)
    assert "x.json" in str(caught.value)
