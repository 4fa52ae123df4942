"""A session's ROM: by its path, or by its hash in folders that were named."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

import resources
from daemon.probing.rom_search import add_rom_folder, find_rom, rom_folders
from protocol.errors import BusyError, RomError, SettingsError
from protocol.session.metadata import SessionMetadata
from tests.daemon.exporting.recordings import record

GAME = b"a game" * 100
HASH = hashlib.sha1(GAME).hexdigest().upper()


@pytest.fixture
def metadata(tmp_path: Path) -> SessionMetadata:
    """The metadata of a session of the game."""
    recorded = record(tmp_path / "data", "run").metadata
    return replace(recorded, recorder={**recorded.recorder, "rom_hash": HASH, "rom_name": "Quest"})


def with_game(folder: Path, name: str = "Quest.gba", content: bytes = GAME) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_named_game_must_be_the_sessions(tmp_path: Path, metadata: SessionMetadata) -> None:
    right, wrong = with_game(tmp_path), with_game(tmp_path, "Other.gba", b"another")
    assert find_rom(tmp_path, metadata, str(right)) == right
    with pytest.raises(
        RomError, match=rf"Other.gba is not the game of run: its SHA-1 is .* that of the session {HASH}"
    ):
        find_rom(tmp_path, metadata, str(wrong))
    with pytest.raises(RomError, match="There is no game at"):
        find_rom(tmp_path, metadata, str(tmp_path / "missing.gba"))
    with pytest.raises(RomError, match="cannot be read"):
        find_rom(tmp_path, metadata, str(tmp_path))


def test_it_is_found_in_a_folder_that_was_named_once(tmp_path: Path, metadata: SessionMetadata) -> None:
    data, roms = tmp_path / "data", tmp_path / "roms"
    with pytest.raises(RomError, match=r"no folder, as none was named yet: .*--roms FOLDER"):
        find_rom(data, metadata)
    with_game(roms, "Another.gba", b"another")
    game = with_game(roms / "deeper", "renamed.GBA")
    assert add_rom_folder(data, roms) == [roms]
    assert add_rom_folder(data, roms) == rom_folders(data) == [roms]
    assert find_rom(data, metadata) == game
    game.write_bytes(b"replaced by another game")
    with pytest.raises(RomError, match=r"Quest, SHA-1 .* was not found in .*roms"):
        find_rom(data, metadata)


def test_a_search_that_takes_long_is_broken_off_and_goes_on(tmp_path: Path, metadata: SessionMetadata) -> None:
    add_rom_folder(tmp_path, tmp_path)
    game = with_game(tmp_path)
    with pytest.raises(BusyError):
        find_rom(tmp_path, metadata, patience=-1)
    assert find_rom(tmp_path, metadata) == game


def test_the_demo_game_is_always_found(tmp_path: Path, metadata: SessionMetadata) -> None:
    demo = hashlib.sha1(resources.demo_rom().read_bytes()).hexdigest().upper()
    of_demo = replace(metadata, recorder={**metadata.recorder, "rom_hash": demo})
    assert find_rom(tmp_path, of_demo) == resources.demo_rom()


def test_a_session_without_a_hash_needs_a_path(tmp_path: Path, metadata: SessionMetadata) -> None:
    nameless = replace(metadata, recorder={})
    with pytest.raises(RomError, match="does not say which ROM"):
        find_rom(tmp_path, nameless)
    game = with_game(tmp_path)
    assert find_rom(tmp_path, nameless, str(game)) == game


def test_only_a_folder_can_be_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not a folder"):
        add_rom_folder(tmp_path, tmp_path / "missing")


def test_notes_that_are_damaged_are_made_anew(tmp_path: Path, metadata: SessionMetadata) -> None:
    data, game = tmp_path / "data", with_game(tmp_path / "roms")
    add_rom_folder(data, tmp_path / "roms")
    (data / ".rom_hashes").write_text("[1]", "utf-8")
    assert find_rom(data, metadata) == game
    (data / ".roms").write_bytes(b"\xff\xfe\x00")
    assert rom_folders(data) == []
