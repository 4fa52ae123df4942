from pathlib import Path

import orjson
import pytest

import resources
from protocol.errors import ConfigError
from tests.fakes.bus_daemon import FakeDaemon, FakeSession
from webui.archive.label_sets import check_keys, check_label_set, keys_for, offer_for


def label_set(**fields: list[dict[str, str]]) -> bytes:
    return orjson.dumps({"fields": {name: {"options": options} for name, options in fields.items()}})


@pytest.mark.parametrize("path", sorted(resources.label_sets().glob("*.json")), ids=lambda path: path.name)
def test_every_label_set_that_ships_can_be_used(path: Path) -> None:
    assert check_label_set(path.name, path.read_bytes())["context"]


def test_a_key_that_stands_twice_is_told_with_both_values() -> None:
    data = label_set(context=[{"value": "battle", "key": "b"}, {"value": "bazaar", "key": "B"}])
    with pytest.raises(ConfigError, match=r"^mine\.json: in context the key b stands for both battle and bazaar\.$"):
        check_label_set("mine.json", data)


def test_values_are_in_the_composed_form_of_unicode() -> None:
    options = check_label_set("mine.json", label_set(scene=[{"value": "cafe\u0301"}]))
    assert options["scene"][0]["value"] == "caf\u00e9"


@pytest.mark.parametrize(
    "data",
    [b"{", b"[]", b"{}", label_set(mood=[]), b'{"fields": {"context": 7}}', label_set(context=[{"label": "x"}])],
)
def test_rubbish_is_refused_with_the_name_of_the_file(data: bytes) -> None:
    with pytest.raises(ConfigError, match=r"^mine\.json"):
        check_label_set("mine.json", data)


def test_keys_are_remapped_in_a_file_of_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(b'{"theme": ["F9"]}')
    keys, problems = keys_for(tmp_path)
    assert (keys["theme"], keys["follow"], problems) == (["F9"], ["l", "End"], [])
    assert keys_for(None)[0]["theme"] == ["t"]


def test_keys_that_clash_are_told_and_the_default_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(b'{"theme": ["l"]}')
    keys, [problem] = keys_for(tmp_path)
    assert keys["theme"] == ["t"]
    assert "the key l stands for both" in problem
    with pytest.raises(ConfigError):
        check_keys("keys.json", b'{"theme": "t"}')


def test_a_game_config_is_kept_with_its_session(tmp_path: Path) -> None:
    session = FakeSession(FakeDaemon(tmp_path), "meadow", "Meadow Quest")
    kept = {"game": "Meadow Quest", "semantics": [{"context": "shop", "A": ["buy"]}]}
    metadata = {"session_id": "meadow", "game_config": "away.json", "game_config_content": kept}
    session.folder.metadata.write_bytes(orjson.dumps(metadata))
    offer = offer_for(tmp_path, "meadow")
    assert (offer.game_config, offer.semantics) == ("away.json", kept["semantics"])
    (tmp_path / "game_configs").mkdir()
    (tmp_path / "game_configs" / "away.json").write_bytes(b'{"game": "Meadow Quest"}')
    assert offer_for(tmp_path, "meadow").semantics == []
    session.folder.metadata.write_bytes(b'{"session_id": "meadow"}')
    assert offer_for(tmp_path, "meadow").game_config == ""


def test_the_game_config_names_its_label_set_and_says_what_buttons_mean(tmp_path: Path) -> None:
    session = FakeSession(FakeDaemon(tmp_path), "meadow", "Meadow Quest")
    session.folder.metadata.write_bytes(b'{"game_config": "gbatrace_demo.json"}')
    offer = offer_for(tmp_path, "meadow")
    assert offer.label_set == "default"
    assert any(entry["context"] == "battle" for entry in offer.semantics)
    (tmp_path / "game_configs").mkdir()
    (tmp_path / "game_configs" / "gbatrace_demo.json").write_bytes(b'{"label_set": "mine"}')
    offer = offer_for(tmp_path, "meadow")
    assert (offer.label_set, len(offer.options["context"])) == ("default", 18)
    assert "no label set 'mine'" in offer.problems[0]
    (tmp_path / "label_sets").mkdir()
    (tmp_path / "label_sets" / "mine.json").write_bytes(label_set(context=[{"value": "den"}]))
    offer = offer_for(tmp_path, "meadow")
    assert offer.options == {"context": [{"value": "den", "label": "den"}]}
