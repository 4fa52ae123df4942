"""Which game this is."""

from pathlib import Path

import pytest

from daemon.game_configs import GameConfig, choose_game_config, find_game_config, parse_game_config, read_game_configs
from protocol.errors import ConfigError

HASH = "0123456789ABCDEF0123456789ABCDEF01234567"

MEDABOTS = GameConfig("medabots.json", "Medabots", frozenset({HASH}), ("medabots*",))
ANY_MEDAL = GameConfig("medals.json", "Medals", frozenset(), ("*meda?ots*", "Kuwagata"))


class TestParsing:
    def test_a_config_says_what_the_daemon_needs(self) -> None:
        data = b'{"game": "Medabots", "rom_hashes": ["ab12"], "rom_names": ["Medabots*"], "keys": {"A": "x"}}'
        assert parse_game_config("medabots.json", data) == GameConfig(
            "medabots.json", "Medabots", frozenset({"AB12"}), ("Medabots*",)
        )

    def test_the_originals_configs_name_no_rom(self) -> None:
        data = b'{"game": "Medabots", "keys": {}, "semantics": [], "memory_watch": ["*"]}'
        assert parse_game_config("metabots_rokusho.json", data) == GameConfig(
            "metabots_rokusho.json", "Medabots", frozenset(), ()
        )

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "odd.json is not JSON"),
            (b'{"game":\n}', "odd.json is not JSON: .* in line 2"),
            (b"\xff", "odd.json is not JSON"),
            (b"[]", "odd.json must be an object whose key `game` is the game's name"),
            (b"{}", "key `game`"),
            (b'{"game": ""}', "key `game`"),
            (b'{"game": 7}', "key `game`"),
            (b'{"game": "x", "rom_hashes": "ab"}', "odd.json: the key `rom_hashes` must be a list of texts"),
            (b'{"game": "x", "rom_names": [1]}', "odd.json: the key `rom_names` must be a list of texts"),
            (b'{"game": "x", "rom_names": null}', "the key `rom_names`"),
        ],
    )
    def test_what_can_not_be_used_is_named(self, data: bytes, sentence: str) -> None:
        with pytest.raises(ConfigError, match=sentence):
            parse_game_config("odd.json", data)


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


class TestReading:
    def test_the_persons_own_go_before_those_that_ship(self, tmp_path: Path) -> None:
        own, shipped = tmp_path / "own", tmp_path / "shipped"
        for folder, names in ((own, ["b.json"]), (shipped, ["a.json", "b.json"])):
            folder.mkdir()
            for name in names:
                (folder / name).write_text(f'{{"game": "{folder.name}"}}', encoding="utf-8")
        read = read_game_configs([own, shipped])
        assert [(config.file, config.game) for config in read] == [("b.json", "own"), ("a.json", "shipped")]
        assert read[0].content == {"game": "own"}
        assert read_game_configs([tmp_path / "none", shipped])[0].game == "shipped"

    def test_one_that_cannot_be_used_costs_itself_only_where_somebody_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text("{", encoding="utf-8")
        (tmp_path / "b.json").write_text('{"game": "B"}', encoding="utf-8")
        told: list[str] = []
        assert [config.game for config in read_game_configs([tmp_path], None, told.append)] == ["B"]
        assert told[0].startswith("a.json is not JSON")

    @pytest.mark.parametrize("name", ["mine.json", "mine"])
    def test_a_bare_name_is_one_of_the_folders(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "mine.json").write_text('{"game": "Mine"}', encoding="utf-8")
        assert find_game_config(Path(name), [tmp_path / "none", tmp_path]) == tmp_path / "mine.json"
        assert find_game_config(Path("other"), [tmp_path]) == Path("other")
        assert find_game_config(Path("x") / name, [tmp_path]) == Path("x") / name

    def test_all_configs_of_a_folder_are_read_in_the_order_of_their_names(self, tmp_path: Path) -> None:
        for name in ("b.json", "a.json"):
            (tmp_path / name).write_text(f'{{"game": "{name}"}}', encoding="utf-8")
        (tmp_path / "notes.txt").write_text("not a config", encoding="utf-8")
        assert [config.game for config in read_game_configs([tmp_path])] == ["a.json", "b.json"]

    def test_a_config_that_the_user_names_is_for_every_rom(self, tmp_path: Path) -> None:
        chosen = tmp_path / "chosen.json"
        chosen.write_text('{"game": "Mine", "rom_hashes": ["AB"], "rom_names": ["x"]}', encoding="utf-8")
        (config,) = read_game_configs([tmp_path], chosen)
        assert choose_game_config([config], "whatever", "") is config

    def test_a_config_that_is_not_there_is_named_with_its_path(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r"The game config .*missing\.json cannot be read"):
            read_game_configs([tmp_path], tmp_path / "missing.json")

    def test_a_broken_config_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "broken.json").write_text("{", encoding="utf-8")
        with pytest.raises(ConfigError, match=r"broken\.json is not JSON"):
            read_game_configs([tmp_path])
