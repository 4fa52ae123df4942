"""Label set that a session's labels were chosen from. Shell: reads, never writes.

The page offers the label set that the game config names, the person's own in the data folder before those that ship.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

import resources
from daemon.managing.session_reader import SessionReader

__all__ = ["label_set_of"]

_DEFAULT = "default"


def label_set_of(session: SessionReader) -> str:
    """Return name and version of a session's label set, `default 1`; the name alone where no version is known."""
    data_folder = session.folder.path.parent
    config, kept = session.metadata.game_config, session.metadata.config_content
    own, shipped = resources.config_folders(data_folder)
    name = Path(config).name
    game: Mapping[str, Any] = (_document((own,), name) or kept or _document((shipped,), name)) if config else {}
    name = str(game.get("label_set") or _DEFAULT)
    document = _document((data_folder / "label_sets", resources.label_sets()), f"{Path(name).name}.json")
    return f"{name} {document.get('version', '')}".strip()


def _document(folders: tuple[Path, ...], name: str) -> dict[str, Any]:
    """Read the first file of that name; nothing where there is none, or none that can be used."""
    for folder in folders:
        try:
            document = orjson.loads((folder / name).read_bytes())
        except (OSError, orjson.JSONDecodeError):
            continue
        if isinstance(document, dict):
            return document
    return {}
