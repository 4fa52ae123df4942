import json
from pathlib import Path

import pytest

import resources
from daemon.environment.game import chosen_names, find_game
from daemon.environment.options import EnvironmentOptions
from daemon.names.named_address import NamedAddress
from protocol.errors import ConfigError, GoalError, NamesError, RomError

ROM_HASH = "D05D40674C30EBEB4F2ADE7B788558AD6915FC17"
NAMES = [NamedAddress("hp", 0x0300_0000, "u8")]


def options(tmp_path: Path, game: str = "gbatrace_demo", rom: str = "") -> EnvironmentOptions:
    return EnvironmentOptions(game=game, rom=rom, data_folder=str(tmp_path))


def with_config(tmp_path: Path, **keys: object) -> None:
    folder = tmp_path / "game_configs"
    folder.mkdir()
    (folder / "quest.json").write_text(json.dumps({"game": "Quest", **keys}), encoding="utf-8")


def test_a_game_config_leads_to_its_rom(tmp_path: Path) -> None:
    game = find_game(options(tmp_path))
    assert game.rom == resources.demo_rom()
    assert "money" in {name.name for name in chosen_names(game.book(tmp_path, ROM_HASH), ())}


def test_a_rom_leads_to_its_game_config(tmp_path: Path) -> None:
    with_config(tmp_path, rom_names=["quest*"], goal={"done": "hp == 0"})
    game = find_game(options(tmp_path, "somewhere/Quest.GBA"))
    assert game.rom == Path("somewhere/Quest.GBA")
    goal = game.goal(tmp_path, "AB" * 20, None, NAMES)
    assert goal is not None
    assert goal.names == ["hp"]


def test_names_and_goal_are_those_of_the_config_that_is_named(tmp_path: Path) -> None:
    hp = {"name": "hp", "address": "03000000", "type": "u8"}
    far = {"name": "far", "address": "04000000", "type": "u8"}
    with_config(tmp_path, names=[hp, far], goal={"reward": "hp.delta"})
    game = find_game(options(tmp_path, "quest", "any.gba"))
    book = game.book(tmp_path, "AB" * 20)
    assert [name.name for name in chosen_names(book, ())] == ["hp"]
    assert [name.name for name in chosen_names(book, ["far"])] == ["far"]
    with pytest.raises(NamesError, match="no name 'hq'"):
        chosen_names(book, ["hq"])
    goal = game.goal(tmp_path, "AB" * 20, None, book.names)
    assert goal is not None
    assert goal.document == {"reward": "hp.delta"}


def test_a_goal_that_is_given_goes_first(tmp_path: Path) -> None:
    game = find_game(options(tmp_path))
    (tmp_path / "goal.json").write_text('{"done": "hp"}', encoding="utf-8")
    for given in ({"done": "hp"}, str(tmp_path / "goal.json")):
        goal = game.goal(tmp_path, ROM_HASH, given, NAMES)
        assert goal is not None
        assert goal.document == {"done": "hp"}
    with pytest.raises(GoalError, match=r"`done` of the goal in `goal` has 'hq', which is no name of memory"):
        game.goal(tmp_path, ROM_HASH, {"done": "hq"}, NAMES)


def test_what_is_not_found_is_refused(tmp_path: Path) -> None:
    with_config(tmp_path)
    with pytest.raises(ConfigError, match="nothing cannot be read"):
        find_game(options(tmp_path, "nothing"))
    with pytest.raises(RomError, match="does not say which ROM"):
        find_game(options(tmp_path, "quest"))
