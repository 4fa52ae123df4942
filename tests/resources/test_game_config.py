"""Game configs: the problems that are found, the schema that says the same, and the choice of one."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from protocol.console import GBA
from protocol.errors import ConfigError
from resources.config_files import label_set_names, read_object
from resources.game_config import (
    KNOWN_KEYS,
    GameConfig,
    Severity,
    choose_game_config,
    find_problems,
    parse_game_config,
)

HASH = "0123456789ABCDEF0123456789ABCDEF01234567"

MEDABOTS = GameConfig("medabots.json", "Medabots", frozenset({HASH}), ("medabots*",))
ANY_MEDAL = GameConfig("medals.json", "Medals", frozenset(), ("*meda?ots*", "Kuwagata"))

SCHEMA = json.loads((Path(resources.__file__).parent / "schemas" / "game_config.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)

GOOD: dict[str, Any] = {
    "game": "Demo",
    "rom_hashes": ["AB" * 20],
    "rom_names": ["Demo*"],
    "label_set": "default",
    "keys": {"A": "x", "Start": "enter"},
    "semantics": [{"context": "overworld", "A": ["talk", "confirm"]}],
    "memory_watch": ["*"],
    "goal": {"reward": "money.delta", "done": "hp == 0", "reset_on": "scene title"},
}


def problems(document: dict[str, Any], label_sets: tuple[str, ...] = ("default",)) -> list[str]:
    return [str(problem) for problem in find_problems(document, label_sets)]


@pytest.mark.parametrize("path", sorted(resources.game_configs().glob("*.json")), ids=lambda path: path.name)
def test_the_shipped_configs_are_good(path: Path, tmp_path: Path) -> None:
    document = read_object(path)
    assert find_problems(document, label_set_names(tmp_path)) == []
    VALIDATOR.validate(document)


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
        ({"goal": {"reward": 1}}, "`goal` must be an object of texts: any of `reward`, `done` and `reset_on`."),
        ({"memory_watch": "*"}, "`memory_watch` must be a list of texts."),
        ({"memory_wacht": []}, f"`memory_wacht` means nothing to gbatrace; it knows {', '.join(KNOWN_KEYS)}."),
    ],
)
def test_a_problem_names_its_key_and_what_is_allowed(changes: dict[str, object], says: str) -> None:
    assert problems({**GOOD, **changes}) == [says]


def test_a_missing_game_is_reported() -> None:
    assert problems({"keys": {}}) == ["`game` is missing: it is the game's name."]


def test_a_strict_reader_gets_the_keys_or_every_problem() -> None:
    assert parse_game_config("demo.json", {**GOOD, "mine": 1}, Severity.NOTE).keys == GOOD["keys"]
    assert parse_game_config("demo.json", {"game": "x"}, Severity.NOTE).keys == {}
    with pytest.raises(ConfigError, match=r"demo\.json cannot be used\. `game` is missing.*`keys\.Y` is not a console"):
        parse_game_config("demo.json", {"keys": {"Y": "x"}}, Severity.NOTE)


values = st.sampled_from(
    [None, 7, "", "x", "AB" * 20, [], ["x"], [""], [7], {}, {"A": "x"}, {"Y": "x"}, {"A": ""}, {"A": 7}, {"A": ["x"]}]
)
semantics = st.lists(st.dictionaries(st.sampled_from(["context", "A", "Y"]), values, max_size=3), max_size=2)


@given(st.dictionaries(st.sampled_from([*KNOWN_KEYS, "mine"]), values | semantics))
def test_the_schema_and_the_check_agree(changes: dict[str, object]) -> None:
    document = {**GOOD, **changes}
    found = [problem for problem in find_problems(document) if problem.severity > Severity.NOTE]
    assert VALIDATOR.is_valid(document) == (not found)


def test_the_schema_names_the_same_buttons_and_keys() -> None:
    assert SCHEMA["$defs"]["button"]["enum"] == list(GBA.buttons)
    assert set(SCHEMA["properties"]) == set(KNOWN_KEYS)


class TestParsing:
    def test_hashes_are_compared_in_upper_case(self) -> None:
        document = {"game": "Medabots", "rom_hashes": ["ab12"], "rom_names": ["Medabots*"], "keys": {"A": "x"}}
        config = parse_game_config("medabots.json", document)
        assert config == GameConfig("medabots.json", "Medabots", frozenset({"AB12"}), ("Medabots*",))

    def test_the_originals_configs_name_no_rom(self) -> None:
        document = {"game": "Medabots", "keys": {}, "semantics": [], "memory_watch": ["*"]}
        config = parse_game_config("metabots_rokusho.json", document)
        assert config == GameConfig("metabots_rokusho.json", "Medabots", frozenset(), ())

    @pytest.mark.parametrize(
        ("document", "sentence"),
        [
            ({}, "`game` is missing: it is the game's name."),
            ({"game": ""}, "`game` must be a text"),
            ({"game": 7}, "`game` must be a text"),
            ({"game": "x", "rom_hashes": "ab"}, "`rom_hashes` must be a list of texts"),
            ({"game": "x", "rom_hashes": [1]}, r"`rom_hashes\[0\]` must be the SHA-1 of a ROM"),
            ({"game": "x", "rom_names": [1]}, r"`rom_names\[0\]` must be a text"),
            ({"game": "x", "rom_names": None}, "`rom_names` must be a list of texts"),
        ],
    )
    def test_one_that_does_not_say_its_game_cannot_be_used(self, document: dict[str, Any], sentence: str) -> None:
        with pytest.raises(ConfigError, match=rf"^odd\.json cannot be used\. {sentence}"):
            parse_game_config("odd.json", document)

    @pytest.mark.parametrize("odd", [7, "x", ["x", 7], {"A": 7}, [{"context": "shop"}, 7]])
    def test_a_value_that_is_odd_costs_itself_only(self, odd: object) -> None:
        config = parse_game_config("odd.json", {"game": "x", "label_set": odd, "keys": odd, "semantics": odd})
        assert config.label_set == (odd if isinstance(odd, str) else "")
        assert config.keys == {}
        assert config.semantics in ([], [{"context": "shop"}])


class TestChoosing:
    @pytest.mark.parametrize("rom_hash", [HASH, HASH.lower()])
    def test_the_hash_decides_before_the_name(self, rom_hash: str) -> None:
        assert choose_game_config([ANY_MEDAL, MEDABOTS], "kuwagata", rom_hash) is MEDABOTS

    @pytest.mark.parametrize("rom_name", ["Medabots - Rokusho (U)", "MEDABOTS", "kuwagata", "My Medarots"])
    def test_else_the_name_whatever_its_case(self, rom_name: str) -> None:
        assert choose_game_config([ANY_MEDAL], rom_name.replace("Medarots", "Medaxots"), "") is ANY_MEDAL

    def test_the_first_that_fits_is_taken(self) -> None:
        assert choose_game_config([MEDABOTS, ANY_MEDAL], "Medabots", "") is MEDABOTS

    @pytest.mark.parametrize(("rom_name", "rom_hash"), [("Other", "F" * 40), ("", "")])
    def test_an_unknown_game_has_none(self, rom_name: str, rom_hash: str) -> None:
        assert choose_game_config([MEDABOTS, ANY_MEDAL], rom_name, rom_hash) is None

    @pytest.mark.parametrize(
        ("rom_name", "game"),
        [
            ("Medabots - Rokusho Version (USA) [!]", "Medabots: Rokusho"),
            ("medabots (Europe)", "Medabots"),
            ("Medabotsy", None),
            ("Super Medabots", None),
            ("", None),
        ],
    )
    def test_a_config_that_names_no_rom_is_for_the_game_of_its_name(self, rom_name: str, game: str | None) -> None:
        names = ("Medabots", "Medabots: Rokusho", "!")
        chosen = choose_game_config([GameConfig(name, name, frozenset(), ()) for name in names], rom_name, "")
        assert (chosen and chosen.file) == game
