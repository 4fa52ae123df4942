"""Which game this is. Pure: documents in, a choice out; `read_game_configs` alone touches the disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import orjson

from protocol.errors import ConfigError

__all__ = ["GameConfig", "choose_game_config", "parse_game_config", "read_game_configs"]


@dataclass(frozen=True, slots=True)
class GameConfig:
    """What the daemon needs of a game config.

    Args:
        file: its file name.
        game: the game's name.
        rom_hashes: SHA-1 of the ROMs it is for, upper-case hex.
        rom_names: names or glob patterns of the ROMs it is for, compared without regard to case.
    """

    file: str
    game: str
    rom_hashes: frozenset[str]
    rom_names: tuple[str, ...]


def parse_game_config(file: str, data: bytes) -> GameConfig:
    """Read a game config.

    Raises:
        ConfigError: names the file, the key and what was expected.
    """
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ConfigError(f"{file} is not JSON: {error.msg} in line {error.lineno}.") from None
    if not isinstance(document, dict) or not isinstance(document.get("game"), str) or not document["game"]:
        raise ConfigError(f"{file} must be an object whose key `game` is the game's name.")
    for key in ("rom_hashes", "rom_names"):
        value = document.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigError(f"{file}: the key `{key}` must be a list of texts.")
    hashes = frozenset(text.upper() for text in document.get("rom_hashes", []))
    return GameConfig(file, document["game"], hashes, tuple(document.get("rom_names", [])))


def choose_game_config(configs: Iterable[GameConfig], rom_name: str, rom_hash: str) -> GameConfig | None:
    """Choose by ROM hash, else by ROM name; None where neither is known."""
    candidates = list(configs)
    for config in candidates:
        if rom_hash.upper() in config.rom_hashes:
            return config
    for config in candidates:
        if any(fnmatchcase(rom_name.casefold(), pattern.casefold()) for pattern in config.rom_names):
            return config
    return None


def read_game_configs(folder: Path, override: Path | None = None) -> list[GameConfig]:
    """Read all game configs of a folder, or only `override`, which then is for every ROM.

    Raises:
        ConfigError: one of them can not be read or used.
    """
    if override is not None:
        chosen = _read(override)
        return [GameConfig(chosen.file, chosen.game, frozenset(), ("*",))]
    return [_read(path) for path in sorted(folder.glob("*.json"))]


def _read(path: Path) -> GameConfig:
    try:
        return parse_game_config(path.name, path.read_bytes())
    except OSError as error:
        raise ConfigError(f"The game config {path} can not be read: {error.strerror}.") from None
