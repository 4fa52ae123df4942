"""Reader of game configs and label sets on disk. Shell: never writes.

A person's own, in the data folder, go before those that ship.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

import resources
from protocol.disk import read_file, without_links
from protocol.errors import ConfigError, LayoutError
from protocol.session.layout import session_folder
from protocol.session.metadata import CONFIG_CONTENT
from resources.game_config import GameConfig, Severity, parse_game_config
from resources.label_set import LabelSet, parse_label_set

__all__ = [
    "find_game_config",
    "label_set_names",
    "own_label_set",
    "read_game_config",
    "read_game_configs",
    "read_label_set",
    "read_label_set_document",
    "read_object",
    "recorded_game_config",
    "session_game_config",
]


def read_game_configs(
    data_folder: Path, override: Path | None = None, report: Callable[[str], None] | None = None
) -> list[GameConfig]:
    """Read all game configs, or only `override`, which then is for every ROM.

    Args:
        data_folder: where the session folders are; a file of its `game_configs` goes before one of the same name that
            ships.
        override: one of them by its path or name.
        report: takes a sentence about each file that cannot be used, which is passed over then; None raises instead.

    Raises:
        ConfigError: one of them cannot be read or used.
    """
    if override is not None:
        chosen = read_game_config(find_game_config(override, data_folder))
        return [replace(chosen, rom_hashes=frozenset(), rom_names=("*",))]
    files: dict[str, Path] = {}
    for folder in _game_config_folders(data_folder):
        for path in sorted(folder.glob("*.json")):
            files.setdefault(path.name, path)
    configs = []
    for path in files.values():
        try:
            configs.append(read_game_config(path))
        except ConfigError as error:
            if report is None:
                raise
            report(f"{error} It is passed over.")
    return configs


def read_game_config(path: Path, worst: Severity = Severity.VALUE) -> GameConfig:
    """Read a game config.

    Args:
        path: its file.
        worst: problems up to this severity are passed over.

    Raises:
        ConfigError: it cannot be read, or has problems beyond that.
    """
    return parse_game_config(path.name, _read("game config", path), worst)


def find_game_config(named: Path, data_folder: Path) -> Path:
    """Find a game config by its path, or by its name with or without the ending.

    Args:
        named: the path or the name.
        data_folder: where the session folders are.

    Returns:
        The file; `named` itself where there is none.
    """
    if named.is_file() or named.parent != Path():
        return named
    return _find(_game_config_folders(data_folder), named.name) or named


def session_game_config(
    data_folder: Path, named: str, kept: Mapping[str, Any], report: Callable[[str], None]
) -> GameConfig:
    """Read the game config of a recorded session.

    A person's own file goes first, then what the session kept, then the one that ships.

    Args:
        data_folder: where the session folders are.
        named: the game config's file as the session's metadata name it.
        kept: its content as it was when the session was recorded; empty where it was not kept.
        report: takes a sentence about a file that cannot be read, which is passed over then.

    Returns:
        What can be used of it; nothing where there is none.
    """
    own, shipped = _game_config_folders(data_folder)
    name = Path(named).name

    def read(folder: Path) -> Mapping[str, Any]:
        path = _find((folder,), name)
        try:
            return _read("game config", path) if path else {}
        except ConfigError as error:
            report(str(error))
            return {}

    return GameConfig.of(name, read(own) or kept or read(shipped))


def recorded_game_config(data_folder: Path, session: str, report: Callable[[str], None]) -> GameConfig:
    """Read the game config that a session's metadata name; never fails.

    Its layers are those of `session_game_config`.

    Args:
        data_folder: where the session folders are.
        session: its id.
        report: takes a sentence about a file that cannot be read, which is passed over then.
    """
    metadata: Mapping[str, Any] = {}
    try:
        folder = session_folder(data_folder, session)
        metadata = read_object(without_links(folder.path, folder.metadata))
    except FileNotFoundError:
        pass
    except (ConfigError, LayoutError, OSError) as error:
        report(str(error))
    kept = metadata.get(CONFIG_CONTENT)
    named = str(metadata.get("game_config") or "")
    return session_game_config(data_folder, named, kept if isinstance(kept, dict) else {}, report)


def read_label_set(data_folder: Path, name: str) -> LabelSet:
    """Read a label set.

    Args:
        data_folder: where the session folders are.
        name: its file name without the ending.

    Raises:
        ConfigError: there is none of that name, or it cannot be read or used.
    """
    return parse_label_set(name, read_label_set_document(data_folder, name))


def read_label_set_document(data_folder: Path, name: str) -> dict[str, Any]:
    """Read the content of a label set's file; a person's own goes first.

    Raises:
        ConfigError: there is none of that name, or it cannot be read.
    """
    folders = _label_set_folders(data_folder)
    path = _find(folders, f"{name}.json")
    if path is None:
        raise ConfigError(f"There is no label set {name[:60]!r}; put it into {folders[0]}.")
    return _read("label set", path)


def own_label_set(data_folder: Path, name: str) -> Path:
    """Return the file of a person's own label set of a name."""
    return _label_set_folders(data_folder)[0] / f"{name}.json"


def label_set_names(data_folder: Path) -> set[str]:
    """List the label sets that there are."""
    return {path.stem for folder in _label_set_folders(data_folder) for path in folder.glob("*.json")}


def read_object(path: Path) -> dict[str, Any]:
    """Read a file that is a JSON object.

    Raises:
        ConfigError: it is none.
        OSError: it cannot be read.
    """
    try:
        document = orjson.loads(read_file(path))
    except orjson.JSONDecodeError as error:
        where = f"in line {error.lineno}, column {error.colno}"
        raise ConfigError(f"{path.name} is not JSON: {error.msg} {where}.") from None
    if not isinstance(document, dict):
        raise ConfigError(f"{path.name} must be a JSON object.")
    return document


def _read(kind: str, path: Path) -> dict[str, Any]:
    try:
        return read_object(path)
    except OSError as error:
        raise ConfigError(f"The {kind} {path} cannot be read ({error.strerror or error}).") from None


def _game_config_folders(data_folder: Path) -> tuple[Path, Path]:
    return data_folder / "game_configs", resources.game_configs()


def _label_set_folders(data_folder: Path) -> tuple[Path, Path]:
    return data_folder / "label_sets", resources.label_sets()


def _find(folders: Sequence[Path], name: str) -> Path | None:
    """Find the first file of a name, with or without its ending, and in these folders alone."""
    if not name or Path(name).name != name:
        return None
    for place in [folder / file for folder in folders for file in (name, f"{name}.json")]:
        with suppress(OSError):  # The name may be longer than the system takes.
            if place.is_file():
                return place
    return None
