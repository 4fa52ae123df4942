"""Game configs and label sets of the data folder, and those that ship."""

from pathlib import Path

import pytest

import resources
from protocol.errors import ConfigError
from resources.config_files import (
    find_game_config,
    label_set_names,
    read_game_configs,
    read_label_set,
    read_object,
    session_game_config,
)
from resources.game_config import GameConfig, choose_game_config

SHIPPED = ["gbatrace_demo.json", "metabots_rokusho.json"]


def put(data_folder: Path, kind: str, **texts: str) -> None:
    folder = data_folder / kind
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "odd.json is not JSON"),
        ('{"game":\n}', "odd.json is not JSON: .* in line 2, column 1"),
        ("\xff", "odd.json is not JSON"),
        ("[]", "odd.json must be a JSON object"),
    ],
)
def test_a_file_that_is_no_object_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "odd.json").write_text(text, encoding="latin-1")
    with pytest.raises(ConfigError, match=sentence):
        read_object(tmp_path / "odd.json")


class TestGameConfigs:
    def test_the_persons_own_go_before_those_that_ship(self, tmp_path: Path) -> None:
        put(tmp_path, "game_configs", zoo='{"game": "Zoo"}', metabots_rokusho='{"game": "Mine"}')
        read = read_game_configs(tmp_path)
        assert [config.file for config in read] == ["metabots_rokusho.json", "zoo.json", "gbatrace_demo.json"]
        assert read[0].content == {"game": "Mine"}
        assert [config.file for config in read_game_configs(tmp_path / "none")] == SHIPPED

    def test_one_that_cannot_be_used_costs_itself_only_where_it_is_reported(self, tmp_path: Path) -> None:
        put(tmp_path, "game_configs", a="{", b='{"game": "B"}')
        (tmp_path / "game_configs" / "notes.txt").write_text("not a config", encoding="utf-8")
        told: list[str] = []
        assert [config.game for config in read_game_configs(tmp_path, None, told.append)][:1] == ["B"]
        assert told[0].startswith("a.json is not JSON")
        with pytest.raises(ConfigError, match=r"a\.json is not JSON"):
            read_game_configs(tmp_path)

    @pytest.mark.parametrize("name", ["mine.json", "mine"])
    def test_a_bare_name_is_one_of_the_folders(self, tmp_path: Path, name: str) -> None:
        put(tmp_path, "game_configs", mine='{"game": "Mine"}')
        assert find_game_config(Path(name), tmp_path) == tmp_path / "game_configs" / "mine.json"
        assert find_game_config(Path("other"), tmp_path) == Path("other")
        assert find_game_config(Path("x") / name, tmp_path) == Path("x") / name

    def test_a_config_that_the_user_names_is_for_every_rom(self, tmp_path: Path) -> None:
        put(tmp_path, "game_configs", chosen='{"game": "Mine", "rom_hashes": ["AB"], "rom_names": ["x"]}')
        (config,) = read_game_configs(tmp_path, Path("chosen"))
        assert choose_game_config([config], "whatever", "") is config

    def test_a_config_that_is_not_there_is_named_with_its_path(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"The game config .*missing\.json cannot be read"):
            read_game_configs(tmp_path, tmp_path / "missing.json")


class TestGameConfigOfASession:
    def read(self, data_folder: Path, named: str, told: list[str] | None = None) -> GameConfig:
        return session_game_config(
            data_folder, named, {"game": "Kept", "label_set": "kept"}, ([] if told is None else told).append
        )

    def test_a_persons_own_goes_before_what_was_kept_and_that_before_the_one_that_ships(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, "metabots_rokusho.json").game == "Kept"
        put(tmp_path, "game_configs", metabots_rokusho='{"label_set": "mine"}')
        assert self.read(tmp_path, "metabots_rokusho.json").label_set == "mine"
        assert session_game_config(tmp_path / "none", SHIPPED[1], {}, pytest.fail).game == "Medabots: Rokusho"

    def test_one_that_cannot_be_read_is_reported_and_what_was_kept_stands_in(self, tmp_path: Path) -> None:
        put(tmp_path, "game_configs", odd="{")
        told: list[str] = []
        assert self.read(tmp_path, "odd.json", told).label_set == "kept"
        assert told[0].startswith("odd.json is not JSON")

    @pytest.mark.parametrize("named", ["", "../secret.json", "..", "none.json", "n" * 5000])
    def test_a_name_of_no_file_finds_none(self, tmp_path: Path, named: str) -> None:
        put(tmp_path, "", secret='{"game": "x"}')
        put(tmp_path, "game_configs")
        config = session_game_config(tmp_path, named, {}, pytest.fail)
        assert (config.game, config.label_set, config.semantics) == ("", "", [])


class TestLabelSets:
    def test_a_persons_own_go_before_those_that_ship(self, tmp_path: Path) -> None:
        assert read_label_set(tmp_path, "default").version == "2"
        put(tmp_path, "label_sets", default='{"version": 7, "fields": {}}', mine='{"fields": {}}')
        assert read_label_set(tmp_path, "default").version == "7"
        assert label_set_names(tmp_path) == {"default", "medabots", "mine"}

    @pytest.mark.parametrize("name", ["lost", "../label_sets/default", "nul\0", "n" * 5000])
    def test_one_that_is_not_there_is_named_with_the_folder_for_it(self, tmp_path: Path, name: str) -> None:
        put(tmp_path, "label_sets", default='{"fields": {}}')
        with pytest.raises(ConfigError, match=r"^There is no label set '.*'; put it into .*label_sets\.$"):
            read_label_set(tmp_path, name)

    @pytest.mark.parametrize("path", sorted(resources.label_sets().glob("*.json")), ids=lambda path: path.name)
    def test_every_one_that_ships_can_be_used(self, path: Path, tmp_path: Path) -> None:
        assert read_label_set(tmp_path, path.stem).options["context"]
