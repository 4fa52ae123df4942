"""Game configs: the problems that are found, and the schema that says the same."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from daemon.managing.game_config_check import KNOWN_KEYS, button_keys, find_problems
from protocol.console import GBA
from protocol.errors import ConfigError

SCHEMA = json.loads((Path(resources.__file__).parent / "schemas" / "game_config.schema.json").read_text("utf-8"))

GOOD: dict[str, Any] = {
    "game": "Demo",
    "rom_hashes": ["AB" * 20],
    "rom_names": ["Demo*"],
    "label_set": "default",
    "keys": {"A": "x", "Start": "enter"},
    "semantics": [{"context": "overworld", "A": ["talk", "confirm"]}],
    "memory_watch": ["*"],
}


def problems(document: object, label_sets: tuple[str, ...] = ("default",)) -> list[str]:
    return [str(problem) for problem in find_problems(json.dumps(document).encode(), label_sets)]


@pytest.mark.parametrize("path", sorted(resources.game_configs().glob("*.json")), ids=lambda path: path.name)
def test_the_shipped_configs_are_good(path: Path) -> None:
    assert find_problems(path.read_bytes(), {set_.stem for set_ in resources.label_sets().glob("*.json")}) == []
    jsonschema.validate(json.loads(path.read_bytes()), SCHEMA)


def test_a_config_of_the_original_is_good() -> None:
    assert problems({"game": "Demo", "keys": {}, "semantics": [], "memory_watch": ["*"]}) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"game": ""}, "`game` must be a text, the game's name."),
        ({"rom_names": "Demo"}, "`rom_names` must be a list of texts."),
        ({"rom_names": [7]}, "`rom_names[0]` must be a text."),
        ({"rom_hashes": "AB"}, "`rom_hashes` must be a list of texts."),
        ({"rom_hashes": ["AB"]}, "`rom_hashes[0]` must be the SHA-1 of a ROM: 40 hex digits."),
        ({"label_set": 7}, "`label_set` must be a text, the name of a label set."),
        ({"label_set": "mine"}, "`label_set` names 'mine'; there are default."),
        ({"keys": ["x"]}, "`keys` must be an object of keyboard keys by console button."),
        ({"keys": {"A": 7}}, "`keys.A` must be a text, the name of a keyboard key."),
        ({"keys": {"A": "x", "B": "X"}}, "`keys.B` has the same keyboard key 'X' as A."),
        (
            {"keys": {"start": "enter"}},
            f"`keys.start` is not a console button; there are {', '.join(GBA.buttons)}.",
        ),
        ({"semantics": {}}, "`semantics` must be a list of objects, one for each context."),
        ({"semantics": ["x"]}, "`semantics[0]` must be an object with `context` and meanings by console button."),
        ({"semantics": [{"A": []}]}, "`semantics[0].context` must be a text, the name of the context."),
        ({"semantics": [{"context": "c", "A": "talk"}]}, "`semantics[0].A` must be a list of texts."),
        ({"memory_watch": "*"}, "`memory_watch` must be a list of texts."),
        ({"memory_wacht": []}, f"`memory_wacht` means nothing to gbatrace; it knows {', '.join(KNOWN_KEYS)}."),
    ],
)
def test_a_problem_names_its_key_and_what_is_allowed(changes: dict[str, object], says: str) -> None:
    assert problems({**GOOD, **changes}) == [says]


def test_a_missing_game_is_told() -> None:
    assert problems({"keys": {}}) == ["`game` is missing: it is the game's name."]


def test_what_is_not_json_is_told_with_its_line() -> None:
    (problem,) = find_problems(b'{\n  "game": "x",\n}')
    assert str(problem).startswith("It is not JSON: ")
    assert "line 2" in str(problem)
    assert problems([]) == ["It must be a JSON object, with at least the key `game`."]


def test_keys_are_given_or_every_problem_is() -> None:
    assert button_keys("demo.json", json.dumps({**GOOD, "mine": 1}).encode()) == GOOD["keys"]
    assert button_keys("demo.json", b'{"game": "x"}') == {}
    with pytest.raises(ConfigError, match=r"demo\.json cannot be used\. `game` is missing.*`keys\.Y` is not a console"):
        button_keys("demo.json", b'{"keys": {"Y": "x"}}')


values = st.sampled_from(
    [None, 7, "", "x", "AB" * 20, [], ["x"], [""], [7], {}, {"A": "x"}, {"Y": "x"}, {"A": ""}, {"A": 7}, {"A": ["x"]}]
)
semantics = st.lists(st.dictionaries(st.sampled_from(["context", "A", "Y"]), values, max_size=3), max_size=2)


@given(st.dictionaries(st.sampled_from([*KNOWN_KEYS, "mine"]), values | semantics))
def test_the_schema_and_the_check_agree(changes: dict[str, object]) -> None:
    document = {**GOOD, **changes}
    found = [problem for problem in find_problems(json.dumps(document).encode()) if not problem.harmless]
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(document) == (not found)


def test_the_schema_names_the_same_buttons_and_keys() -> None:
    assert SCHEMA["$defs"]["button"]["enum"] == list(GBA.buttons)
    assert set(SCHEMA["properties"]) == set(KNOWN_KEYS)
