"""A look at the game before BizHawk is started with it."""

import zipfile
from pathlib import Path

import pytest

from daemon.bizhawk.game_file import check_game_file
from protocol.errors import RomError


def packed(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"rom")
    return path


@pytest.mark.parametrize("name", ["Pokémon [b1] (日本).gba", "game.GBA", "game.bin", "game.7z"])
def test_a_game_or_an_archive_that_bizhawk_opens_is_fine(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"rom")
    assert check_game_file(tmp_path / name) == ""


def test_a_game_in_a_zip_is_fine(tmp_path: Path) -> None:
    assert check_game_file(packed(tmp_path / "game.zip", "readme.txt", "sub/Game.GBA")) == ""


def test_several_games_in_a_zip_are_worth_a_word(tmp_path: Path) -> None:
    path = packed(tmp_path / "games.ZIP", "a.gba", "b.gba")
    assert check_game_file(path) == "games.ZIP holds 2 games: BizHawk asks which one to play."


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "is empty: copy it here again"), (b"no zip", "is not a zip archive, or a damaged one: copy it here again")],
)
def test_a_zip_that_is_none_is_reported(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "game.zip").write_bytes(content)
    with pytest.raises(RomError, match=told):
        check_game_file(tmp_path / "game.zip")


def test_a_zip_without_a_game_is_reported(tmp_path: Path) -> None:
    with pytest.raises(RomError, match=r"There is no \.gba file in .*photos\.zip"):
        check_game_file(packed(tmp_path / "photos.zip", "a.jpg"))


def test_an_empty_game_in_a_zip_is_reported(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "game.zip", "w") as archive:
        archive.writestr("game.gba", b"")
    with pytest.raises(RomError, match=r"The game in .*game\.zip is empty"):
        check_game_file(tmp_path / "game.zip")


def test_a_game_that_is_missing_is_reported(tmp_path: Path) -> None:
    with pytest.raises(RomError) as caught:
        check_game_file(tmp_path / "none.gba")
    assert str(caught.value) == f"There is no game at {tmp_path / 'none.gba'}: name a .gba or .zip file."


def test_a_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(RomError, match="is a folder: name the game in it"):
        check_game_file(tmp_path)


def test_an_empty_game_is_reported(tmp_path: Path) -> None:
    (tmp_path / "game.gba").touch()
    with pytest.raises(RomError, match="is empty"):
        check_game_file(tmp_path / "game.gba")
