"""Goals as scenarios of stable-retro; `test_integration.py` plays one there."""

from typing import Any

import pytest

from daemon.goals.goals import parse_goal
from daemon.integrating.scenario import Scenario, write_scenario
from daemon.names.named_address import NamedAddress, Scale
from protocol.errors import ExportError

NAMES = {
    "hp": NamedAddress("hp", 0x0300_0010, "u16"),
    "exp": NamedAddress("exp", 0x0300_0012, "u16"),
    "heat": NamedAddress("heat", 0x0300_0014, "u8", Scale(0.5, -20)),
    "x": NamedAddress("x", 0x0300_0018, "fixed20.12"),
    "speed": NamedAddress("speed", 0x0300_001C, "float32"),
}
IDENTIFIERS = {name: name for name in NAMES}


def scenario(**goal: str) -> Scenario:
    return write_scenario(parse_goal(goal, NAMES, "a test"), NAMES, IDENTIFIERS)


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("exp.delta", {"exp": {"reward": 1, "penalty": 1}}),
        (
            "2 * exp.delta - hp.delta / 4",
            {"exp": {"reward": 2, "penalty": 2}, "hp": {"reward": -0.25, "penalty": -0.25}},
        ),
        ("max(exp.delta, 0)", {"exp": {"reward": 1, "penalty": 0}}),
        ("3 * min(0, hp.delta)", {"hp": {"reward": 0, "penalty": 3}}),
        ("max(0, -hp.delta)", {"hp": {"reward": 0, "penalty": -1}}),
        ("min(-hp.delta, 0)", {"hp": {"reward": -1, "penalty": 0}}),
        ("-abs(hp.delta) * 2", {"hp": {"reward": -2, "penalty": 2}}),
        ("max(hp.delta, 0) + 5 * min(hp.delta, 0)", {"hp": {"reward": 1, "penalty": 5}}),
        ("x.delta * 4096", {"x": {"reward": 1, "penalty": 1}}),
        ("heat.delta", {"heat": {"reward": 0.5, "penalty": 0.5}}),
        ("exp.delta - exp.delta", {}),
        ("10 * (hp.delta < -3)", {"hp": {"op": "less-than", "reference": -3, "reward": 10}}),
    ],
)
def test_changes_times_numbers(text: str, variables: dict[str, Any]) -> None:
    written = scenario(reward=text)
    assert written.document == {"reward": {"variables": variables} if variables else {}}
    assert (written.aliases, written.notes) == ({}, ())


def test_what_is_gained_for_a_state_is_told() -> None:
    written = scenario(reward="heat - 1")
    assert written.document["reward"] == {
        "variables": {"heat": {"measurement": "absolute", "reward": 0.5, "penalty": 0.5}},
        "time": {"reward": -21},
    }
    assert "judges every frame" in written.notes[0]
    assert scenario(reward="(hp == 0) * -100").document["reward"] == {
        "variables": {"hp": {"measurement": "absolute", "op": "zero", "reward": -100}}
    }


def test_a_variable_that_is_needed_twice_gets_an_alias() -> None:
    written = write_scenario(
        parse_goal({"reward": "hp.delta + 2 * (hp.delta > 3) + (hp == 0)"}, NAMES, "a test"),
        NAMES,
        {**IDENTIFIERS, "exp": "hp_2"},
    )
    assert list(written.document["reward"]["variables"]) == ["hp", "hp_3", "hp_4"]
    assert written.aliases == {"hp_3": "hp", "hp_4": "hp"}


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("hp == 0", {"variables": {"hp": {"op": "zero"}}}),
        ("hp", {"variables": {"hp": {"op": "nonzero"}}}),
        ("not hp", {"variables": {"hp": {"op": "zero"}}}),
        ("5 > hp", {"variables": {"hp": {"op": "less-than", "reference": 5}}}),
        ("10 - 2 * hp <= 3", {"variables": {"hp": {"op": "greater-or-equal", "reference": 4}}}),
        ("hp.delta < 0", {"variables": {"hp": {"measurement": "delta", "op": "less-than"}}}),
        ("heat >= 30", {"variables": {"heat": {"op": "greater-or-equal", "reference": 100}}}),
        ("x > 1.5", {"variables": {"x": {"op": "greater-than", "reference": 6144}}}),
        ("heat == -20", {"variables": {"heat": {"op": "zero"}}}),
        (
            "hp == 0 or exp > 9",
            {"condition": "any", "variables": {"hp": {"op": "zero"}, "exp": {"op": "greater-than", "reference": 9}}},
        ),
        (
            "hp > 2 and hp < 5",
            {
                "condition": "all",
                "variables": {"hp": {"op": "greater-than", "reference": 2}},
                "nodes": {"part2": {"variables": {"hp": {"op": "less-than", "reference": 5}}}},
            },
        ),
        (
            "not (hp == 0 or exp)",
            {"condition": "all", "variables": {"hp": {"op": "nonzero"}, "exp": {"op": "zero"}}},
        ),
    ],
)
def test_conditions_are_nodes_of_tests(text: str, done: dict[str, Any]) -> None:
    assert scenario(done=text).document == {"done": done}


@pytest.mark.parametrize(
    ("goal", "reason"),
    [
        ({"reward": "hp * exp"}, "cannot say 'hp \\* exp' of .*: it multiplies values by numbers alone"),
        ({"reward": "1 / hp"}, "multiplies values by numbers"),
        ({"reward": "max(hp.delta, 3)"}, "max is for one value, or one change, and 0"),
        ({"reward": "abs(hp.delta + exp.delta)"}, "abs is for one value"),
        ({"reward": "hp == 0 or exp == 0"}, "adds up values, changes and comparisons"),
        ({"reward": "speed.delta"}, "no type for a float32"),
        ({"done": "hp < exp"}, "cannot say 'hp < exp'"),
        ({"done": "heat == 0.3"}, "never equal"),
        ({"done": "abs(hp.delta) > 3"}, "compares one value"),
        ({"done": "1 == 1"}, "compares one value"),
    ],
)
def test_what_a_scenario_cannot_say_is_refused(goal: dict[str, str], reason: str) -> None:
    with pytest.raises(ExportError, match=reason):
        scenario(**goal)


def test_labels_are_left_out_and_nothing_is_no_section() -> None:
    written = scenario(reset_on="scene title")
    assert written.document == {}
    assert "knows no labels" in written.notes[0]
    assert write_scenario(None, {}, {}) == Scenario({})
