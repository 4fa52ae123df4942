"""Choices of the page for a game: options and hotkeys of its label set, meanings of its buttons, keys of the page.

Files of the data folder (`label_sets/<name>.json`, `game_configs/<name>.json`, `keys.json`) go before those that ship
with gbatrace. A file that cannot be used is told in one sentence, and the one that ships stands in for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

import orjson

import resources
from protocol.disk import read_file, unlinked
from protocol.errors import ConfigError, LayoutError
from protocol.session.layout import session_folder, session_id
from protocol.session.metadata import CONFIG_CONTENT
from webui.archive.index_rows import TEXT_FIELDS

__all__ = ["Offer", "check_keys", "check_label_set", "keys_for", "offer_for"]

_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Offer:
    """Choices that the page offers in a session.

    Args:
        game_config: file name of the session's game config, empty where there is none for its game.
        label_set: name of the label set.
        options: `{"value", "label", "key"}` by field, in the order of the file; `key` may be missing.
        semantics: `{"context", button: [meanings]}` of the game config.
        problems: one sentence for each file that could not be used.
    """

    game_config: str
    label_set: str
    options: Mapping[str, list[dict[str, str]]]
    semantics: list[dict[str, Any]]
    problems: tuple[str, ...]

    def as_map(self) -> dict[str, Any]:
        """Return it as the page gets it."""
        return {
            "game_config": self.game_config,
            "label_set": self.label_set,
            "options": dict(self.options),
            "semantics": self.semantics,
            "problems": list(self.problems),
        }


def offer_for(data_folder: Path, session: str) -> Offer:
    """Find what the page offers in a session; never fails.

    Args:
        data_folder: where the session folders are.
        session: its id.
    """
    problems: list[str] = []
    file, config = _game_config(data_folder, session, problems)
    name = str(config.get("label_set") or _DEFAULT)
    options = _options(data_folder, name, problems)
    if options is None:
        name, options = _DEFAULT, check_label_set("default.json", _shipped("default"))
    semantics = config.get("semantics", [])
    return Offer(
        file,
        name,
        options,
        [entry for entry in semantics if isinstance(entry, dict)] if isinstance(semantics, list) else [],
        tuple(problems),
    )


def keys_for(data_folder: Path | None) -> tuple[dict[str, list[str]], list[str]]:
    """Find the keys of the page by the name of what they do, and a sentence where the file of keys cannot be used.

    Args:
        data_folder: where the person's own `keys.json` may be; None where it is not known yet.
    """
    shipped = check_keys("default.json", resources.key_bindings().read_bytes())
    own = data_folder / "keys.json" if data_folder is not None else None
    try:
        if own is not None and own.is_file():
            merged = {**shipped, **check_keys("keys.json", read_file(own))}
            return check_keys("keys.json with the default keys", orjson.dumps(merged)), []
    except (ConfigError, OSError) as error:
        return shipped, [f"{error} The default keys are used instead."]
    return shipped, []


def check_label_set(file: str, data: bytes) -> dict[str, list[dict[str, str]]]:
    """Read a label set.

    Returns:
        Options by field.

    Raises:
        ConfigError: names the file, what is wrong with it and where.
    """
    document = _object(file, data)
    fields = document.get("fields")
    if not isinstance(fields, dict):
        raise ConfigError(f"{file} has no `fields`, an object with a list of `options` for each label field.")
    return {field: _checked_options(file, field, content) for field, content in fields.items()}


def check_keys(file: str, data: bytes) -> dict[str, list[str]]:
    """Read a file of keys.

    Raises:
        ConfigError: names the file, the key and what is wrong with it.
    """
    document = _object(file, data)
    owners: dict[str, str] = {}
    for name, keys in document.items():
        if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
            raise ConfigError(f"{file}: `{name}` must be a list of keys.")
        for key in keys:
            if key in owners:
                raise ConfigError(f"{file}: the key {key} stands for both {owners[key]} and {name}.")
            owners[key] = name
    return document


def _checked_options(file: str, field: str, content: Any) -> list[dict[str, str]]:
    if field not in TEXT_FIELDS:
        raise ConfigError(
            f"{file}: there is no label field {field[:60]!r} with options; there are {', '.join(TEXT_FIELDS)}."
        )
    options = content.get("options") if isinstance(content, dict) else None
    if not isinstance(options, list):
        raise ConfigError(f"{file}: the field {field} needs a list of `options`.")
    checked: list[dict[str, str]] = []
    owners: dict[str, str] = {}
    for option in options:
        match option:
            case {"value": str(text)} if text:
                value = normalize("NFC", text)
                key = str(option.get("key") or "").lower()
            case _:
                raise ConfigError(f"{file}: every option of {field} needs a `value`, a text.")
        if key and key in owners:
            raise ConfigError(f"{file}: in {field} the key {key} stands for both {owners[key]} and {value}.")
        owners[key] = value
        checked.append({"value": value, "label": str(option.get("label") or value), **({"key": key} if key else {})})
    return checked


def _game_config(data_folder: Path, session: str, problems: list[str]) -> tuple[str, dict[str, Any]]:
    """Return the file name and the content of a session's game config; nothing where it has none."""
    file = ""
    try:
        folder = session_folder(data_folder, session)
        metadata = _object("session_metadata.json", read_file(unlinked(folder.path, folder.metadata)))
        file = Path(str(metadata.get("game_config") or "")).name
        if not file:
            return "", {}
        name = Path(file).stem
        own, shipped = resources.config_folders(data_folder)
        kept = metadata.get(CONFIG_CONTENT)
        data = _first((own,), name)
        if data is None and isinstance(kept, dict):
            return file, kept
        data = _first((shipped,), name) if data is None else data
        return file, {} if data is None else _object(f"{name}.json", data)
    except FileNotFoundError:
        return file, {}
    except (ConfigError, LayoutError, OSError) as error:
        problems.append(str(error))
        return file, {}


def _options(data_folder: Path, name: str, problems: list[str]) -> dict[str, list[dict[str, str]]] | None:
    try:
        data = _first((data_folder / "label_sets", resources.label_sets()), name)
        if data is not None:
            return check_label_set(f"{name}.json", data)
        problem = f"There is no label set {name[:60]!r}; put it into {data_folder / 'label_sets'}."
    except (ConfigError, LayoutError, OSError) as error:
        problem = str(error)
    problems.append(f"{problem} The default options are shown instead.")
    return None


def _first(folders: Iterable[Path], name: str) -> bytes | None:
    for folder in folders:
        path = folder / f"{session_id(name)}.json"
        if path.is_file():
            return read_file(path)
    return None


def _shipped(name: str) -> bytes:
    return (resources.label_sets() / f"{name}.json").read_bytes()


def _object(file: str, data: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ConfigError(f"{file} is not JSON: {error.msg} in line {error.lineno}.") from None
    if not isinstance(document, dict):
        raise ConfigError(f"{file} must be an object.")
    return document
