"""Game configs: which game a ROM is. `read_game_configs` and `find_game_config` touch the disk, the rest is pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import orjson

from protocol.errors import ConfigError

__all__ = ["GameConfig", "choose_game_config", "find_game_config", "parse_game_config", "read_game_configs"]


@dataclass(frozen=True, slots=True)
class GameConfig:
    """A game config, as far as the daemon needs it.

    Args:
        file: its file name.
        game: the game's name.
        rom_hashes: SHA-1 of the ROMs it is for, upper-case hex.
        rom_names: names or glob patterns of the ROMs it is for, compared without regard to case.
        content: the whole document, which is kept with the session.
    """

    file: str
    game: str
    rom_hashes: frozenset[str]
    rom_names: tuple[str, ...]
    content: Mapping[str, Any] = field(default_factory=dict, compare=False)


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
    return GameConfig(file, document["game"], hashes, tuple(document.get("rom_names", [])), document)


def choose_game_config(configs: Iterable[GameConfig], rom_name: str, rom_hash: str) -> GameConfig | None:
    """Choose by ROM hash, else by ROM name, else by the game's name; None where none of them is known.

    Args:
        configs: those to choose from; of several that fit equally the first is chosen.
        rom_name: the ROM's name, as the emulator reports it.
        rom_hash: its SHA-1, hex.
    """
    candidates = list(configs)
    for config in candidates:
        if rom_hash.upper() in config.rom_hashes:
            return config
    for config in candidates:
        if any(fnmatchcase(rom_name.casefold(), pattern.casefold()) for pattern in config.rom_names):
            return config
    # A config of the original names no ROM at all: the ROM's name begins with the game's then.
    words = _words(re.sub(r"[(\[].*?[)\]]", " ", rom_name))
    named = [config for config in candidates if not (config.rom_hashes or config.rom_names) and _words(config.game)]
    fitting = [config for config in named if words[: len(_words(config.game))] == _words(config.game)]
    return max(fitting, key=lambda config: len(_words(config.game)), default=None)


def read_game_configs(
    folders: Sequence[Path], override: Path | None = None, report: Callable[[str], None] | None = None
) -> list[GameConfig]:
    """Read all game configs, or only `override`, which then is for every ROM.

    Args:
        folders: where they are; a file goes before one of the same name in a later folder.
        override: one of them by its path or name.
        report: told of each file that cannot be used, which is passed over then; None raises instead.

    Raises:
        ConfigError: one of them cannot be read or used.
    """
    if override is not None:
        chosen = _read(find_game_config(override, folders))
        return [replace(chosen, rom_hashes=frozenset(), rom_names=("*",))]
    files: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            files.setdefault(path.name, path)
    configs = []
    for path in files.values():
        try:
            configs.append(_read(path))
        except ConfigError as error:
            if report is None:
                raise
            report(f"{error} It is passed over.")
    return configs


def find_game_config(named: Path, folders: Sequence[Path]) -> Path:
    """Find a game config by its path, or by the name of a file of the folders, with or without its ending.

    Args:
        named: the path or the name.
        folders: where files are looked for by name, the first goes before the second.

    Returns:
        The file; `named` itself where there is none.
    """
    if named.is_file() or named.parent != Path():
        return named
    places = [folder / name for folder in folders for name in (named.name, f"{named.name}.json")]
    return next((place for place in places if place.is_file()), named)


def _read(path: Path) -> GameConfig:
    try:
        return parse_game_config(path.name, path.read_bytes())
    except OSError as error:
        raise ConfigError(f"The game config {path} cannot be read ({error.strerror or error}).") from None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
