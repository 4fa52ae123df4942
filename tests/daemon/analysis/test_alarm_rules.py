"""Alarms as people write them."""

import pytest

from daemon.analysis.alarm_rules import Action, parse_alarm
from daemon.analysis.moments import LabelValue
from daemon.analysis.value_types import VALUE_TYPES, ValueType, value_type
from protocol.errors import FilterError

FLOAT, BYTE = value_type("float32"), value_type("u8")

FIRES = [
    ("< 5", [(6, 4)], [(4, 3), (4, 6), (5, 7)]),
    ("<= 5", [(6, 5)], [(5, 4)]),
    ("= 0", [(1, 0)], [(0, 1), (2, 1)]),
    ("!= 0", [(0, 1)], [(1, 2), (1, 0)]),
    ("= 0.1", [(0.0, 0.10000000149011612)], [(0.10000000149011612, 0.0), (0.0, 0.125)]),
    ("between 0.1 0.2", [(0.0, 0.10000000149011612), (1.0, 0.20000000298023224)], [(0.0, 0.25)]),
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
    condition = parse_alarm(text, FLOAT).condition
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
    rule = parse_alarm(text, BYTE)
    assert (rule.action, rule.label) == (action, label)


@pytest.mark.parametrize(
    ("text", "name"),
    [("hp < 5", "hp"), ("party[0].hp < 5", "party[0].hp"), ('"my hp" < 5', "my hp"), ("my hp < 5", "my hp")],
)
def test_the_name_may_stand_before_its_condition(text: str, name: str) -> None:
    assert parse_alarm(text, BYTE, name) == parse_alarm("< 5", BYTE)


def test_a_condition_is_written_as_it_is_read() -> None:
    for text, _, _ in FIRES:
        condition = parse_alarm(text, FLOAT).condition
        assert parse_alarm(str(condition), FLOAT).condition == condition
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
        parse_alarm(text, BYTE, "hp")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("u8", text) for text in ("= 300", "!= 300", "< 0", "<= -1", "<= 255", "> 255", ">= 0", ">= 256")),
        *(("u8", text) for text in ("= 0.5", "between 0.2 0.8", "between 0 255", "between 300 400")),
        *(("u8", text) for text in ("changed by 256", "changed by -256", "changed by 0", "changed by 0.5")),
        ("s8", "= 200"),
        ("s16", "< -32768"),
        ("bcd8", "= 100"),
        ("fixed24.8", "= 9000000"),
        ("fixed24.8", "changed by 0.001"),
        ("float32", "= 1e300"),
        ("float32", "changed by 1e-300"),
    ],
)
def test_an_alarm_that_can_never_come_true_is_refused(kind: str, text: str) -> None:
    with pytest.raises(FilterError, match=f"can never come true: {kind} holds"):
        parse_alarm(text, value_type(kind))


@pytest.mark.parametrize("kind", VALUE_TYPES.values(), ids=VALUE_TYPES)
def test_an_alarm_at_the_ends_of_a_type_is_taken(kind: ValueType) -> None:
    least, greatest = repr(kind.least), repr(kind.greatest)
    for text in ("= {0}", "!= {1}", "<= {0}", "> {0}", "< {1}", ">= {1}", "between {0} 1", "between 1 {1}", ">= 0.5"):
        parse_alarm(text.format(least, greatest), kind)
    if kind.is_whole:
        parse_alarm(f"changed by {kind.greatest - kind.least}", kind)
