"""Which options a session's labels were chosen from. Shell: reads, never writes.

The page offers the label set that the game config names, the person's own in the data folder before those that ship.
"""

from pathlib import Path
from typing import Any

import orjson

import resources
from daemon.batch.session_reader import SessionReader

__all__ = ["label_set_of"]

_DEFAULT = "default"


def label_set_of(session: SessionReader) -> str:
    """Return name and version of a session's label set, `default 1`; the name alone where no version is known."""
    data_folder = session.folder.path.parent
    config = session.metadata.game_config
    game = _document((data_folder / "game_configs", resources.game_configs()), Path(config).name) if config else {}
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
