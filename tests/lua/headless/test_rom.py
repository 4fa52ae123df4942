"""Game files."""

from pathlib import Path

import pytest

from lua.headless.rom import hash_of, read_rom
from protocol.errors import RomError


def test_a_game_is_read_and_named_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "game.gba").write_bytes(bytes(0xC0))
    rom = read_rom(tmp_path / "game.gba")
    assert rom == bytes(0xC0)
    assert hash_of(rom) == "D7699308C38CD04EEB732577A82D31D04E05A339"


def test_a_missing_game_is_named(tmp_path: Path) -> None:
    with pytest.raises(RomError, match=r"There is no game at .*missing\.gba: name a \.gba file\.$"):
        read_rom(tmp_path / "missing.gba")


@pytest.mark.parametrize("content", [b"", b"GIF89a", bytes(0xBF)])
def test_a_file_too_small_to_be_a_game_is_refused(tmp_path: Path, content: bytes) -> None:
    game = tmp_path / "broken.gba"
    game.write_bytes(content)
    with pytest.raises(RomError, match=r"broken\.gba is not a GBA game: it has"):
        read_rom(game)
