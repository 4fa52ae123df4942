"""The data files are there, and say what they should."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

import resources
from protocol.console import GBA
from resources.config_files import read_game_configs
from resources.game_config import choose_game_config

CONFIGS = sorted(resources.game_configs().glob("*.json"))
OPTION_COUNTS = {"context": 18, "action": 17, "intent": 28, "outcome": 7}


def read(path: Path) -> dict[str, Any]:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize(
    "path", [resources.demo_rom(), resources.demo_symbols(), resources.demo_tape(), resources.demo_tour()]
)
def test_the_demo_game_is_complete(path: Path) -> None:
    assert path.is_file()


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_game_config_has_the_keys_of_the_original(path: Path) -> None:
    config = read(path)
    assert config["game"]
    assert set(config["keys"]) == set(GBA.buttons)
    assert config["memory_watch"] == ["*"]
    for entry in config["semantics"]:
        meanings = {button: told for button, told in entry.items() if button != "context"}
        assert entry["context"]
        assert set(meanings) <= set(GBA.buttons)
        assert all(isinstance(told, list) and told for told in meanings.values())


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_game_config_names_a_label_set_that_exists(path: Path) -> None:
    assert (resources.label_sets() / f"{read(path)['label_set']}.json").is_file()


def test_the_demo_game_is_known_by_its_hash_and_by_its_name(tmp_path: Path) -> None:
    rom_hash = hashlib.sha1(resources.demo_rom().read_bytes()).hexdigest().upper()
    configs = read_game_configs(tmp_path)
    by_hash = choose_game_config(configs, "anything", rom_hash)
    by_name = choose_game_config(configs, resources.demo_rom().stem, "")
    assert by_hash is not None, f"put {rom_hash} into rom_hashes of gbatrace_demo.json"
    assert by_hash == by_name
    assert by_hash.file == "gbatrace_demo.json"


def test_the_original_config_is_as_its_users_know_it() -> None:
    config = read(resources.game_configs() / "metabots_rokusho.json")
    assert config["keys"]["Start"] == "enter"
    assert [entry["context"] for entry in config["semantics"]] == ["overworld", "robattle"]
    assert config["semantics"][1]["Left"] == ["use_right_arm", "scroll_options_left"]


def test_the_label_set_of_medabots_has_the_original_options_and_the_default_one_no_words_of_its() -> None:
    assert read(resources.game_configs() / "metabots_rokusho.json")["label_set"] == "medabots"
    fields = read(resources.label_sets() / "medabots.json")["fields"]
    assert {field: len(body["options"]) for field, body in fields.items()} == OPTION_COUNTS
    intents = {option["value"]: option["label"] for option in fields["intent"]["options"]}
    assert intents["acesss_option"] == "Access option"
    assert not re.search("arm_select|meda|leader|acesss", (resources.label_sets() / "default.json").read_text("utf-8"))


@pytest.mark.parametrize("path", sorted(resources.label_sets().glob("*.json")), ids=lambda path: path.stem)
def test_a_label_set_is_well_formed(path: Path) -> None:
    labels = read(path)
    assert labels["label_set"] == path.stem
    assert type(labels["version"]) is int
    for body in labels["fields"].values():
        options = body["options"]
        values = [option["value"] for option in options]
        keys = [option["key"] for option in options if "key" in option]
        assert len(set(values)) == len(values)
        assert len(set(keys)) == len(keys)
        assert all(re.fullmatch(r"[a-z_]+", value) for value in values)
        assert all(option["label"].strip() for option in options)
        assert all(set(option) <= {"value", "label", "key"} for option in options)


def test_the_demo_games_scenes_are_contexts_of_the_label_set() -> None:
    fields = read(resources.label_sets() / "default.json")["fields"]
    contexts = {option["value"] for option in fields["context"]["options"]}
    symbols = json.loads(resources.demo_symbols().read_text(encoding="utf-8"))
    (scene,) = (symbol for symbol in symbols if symbol["name"] == "scene")
    assert set(scene["values"].values()) <= contexts
