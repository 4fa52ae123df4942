"""Alarms as people write them."""

import pytest

from daemon.analysis.alarm_rules import Action, parse_alarm
from daemon.analysis.moments import LabelValue
from protocol.errors import FilterError

FIRES = [
    ("< 5", [(6, 4)], [(4, 3), (4, 6), (5, 7)]),
    ("<= 5", [(6, 5)], [(5, 4)]),
    ("= 0", [(1, 0)], [(0, 1), (2, 1)]),
    ("!= 0", [(0, 1)], [(1, 2), (1, 0)]),
    ("> 0x10", [(16, 17)], [(17, 18)]),
    (">= 2.5", [(2.25, 2.5)], [(2.5, 3)]),
    ("between 3 9", [(2, 3), (10, 9)], [(3, 9), (9, 10)]),
    ("changed", [(1, 2), (2, 1)], []),
    ("rose", [(1, 2)], [(2, 1)]),
    ("fell", [(2, 1)], [(1, 2)]),
    ("changed by -3", [(5, 2)], [(5, 3), (2, 5)]),
    ("fell by 3", [(5, 2)], [(5, 3)]),
    ("changed by 0.5", [(1.0, 1.5)], [(1.0, 1.25)]),
]


@pytest.mark.parametrize(("text", "fires", "rests"), FIRES, ids=[text for text, _, _ in FIRES])
def test_a_condition_comes_true_by_a_change(
    text: str, fires: list[tuple[float, float]], rests: list[tuple[float, float]]
) -> None:
    condition = parse_alarm(text).condition
    assert all(condition.comes_true(*pair) for pair in fires)
    assert not any(condition.comes_true(*pair) for pair in rests)


@pytest.mark.parametrize(
    ("text", "action", "label"),
    [
        ("< 5", Action.MARK, None),
        ("fell then mark", Action.MARK, None),
        ("< 5 then latch context=danger", Action.LATCH, LabelValue("context", "danger")),
        ('= 0 THEN label outcome="lost it all"', Action.LABEL, LabelValue("outcome", "lost it all")),
    ],
)
def test_what_happens_stands_behind_then(text: str, action: Action, label: LabelValue | None) -> None:
    rule = parse_alarm(text)
    assert (rule.action, rule.label) == (action, label)


@pytest.mark.parametrize(
    ("text", "name"),
    [("hp < 5", "hp"), ("party[0].hp < 5", "party[0].hp"), ('"my hp" < 5', "my hp"), ("my hp < 5", "my hp")],
)
def test_the_name_may_stand_before_its_condition(text: str, name: str) -> None:
    assert parse_alarm(text, name) == parse_alarm("< 5")


def test_a_condition_is_written_as_it_is_read() -> None:
    for text, _, _ in FIRES:
        condition = parse_alarm(text).condition
        assert parse_alarm(str(condition)).condition == condition
        assert "@" not in str(condition)
        assert "all" not in str(condition)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a filter .* is missing"),
        ("< 5 @ 300", "no moment"),
        ("rose 300..700", "no moment"),
        ("same", "no condition of an alarm"),
        ("times >= 4", "no condition of an alarm"),
        ("only while A", "no condition of an alarm"),
        ("< 5 then", "mark, latch context=danger .* missing"),
        ("< 5 then explode", "mark, latch"),
        ("< 5 then latch", "label's field"),
        ("< 5 then latch description=x", "label's field"),
        ("< 5 then mark twice", "end of the alarm"),
        ("mp < 5", "must stand instead"),
    ],
)
def test_what_is_no_alarm_is_told_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FilterError, match=sentence):
        parse_alarm(text, "hp")
