"""Label options of a session: its label set, and the meanings of its buttons. Shell.

A file that cannot be used is reported in one sentence; the session's own copy, or the shipped file, replaces it.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import resources
from protocol.disk import without_links
from protocol.errors import ConfigError, LayoutError
from protocol.session.layout import session_folder
from protocol.session.metadata import CONFIG_CONTENT
from resources.config_files import read_label_set, read_object, session_game_config
from resources.game_config import GameConfig
from resources.label_set import DEFAULT_LABEL_SET, parse_label_set

__all__ = ["LabelOptions", "label_options"]


@dataclass(frozen=True, slots=True)
class LabelOptions:
    """Label options of a session.

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
        return asdict(self)


def label_options(data_folder: Path, session: str) -> LabelOptions:
    """Find the options of a session; never fails.

    Args:
        data_folder: where the session folders are.
        session: its id.
    """
    problems: list[str] = []
    config = _game_config(data_folder, session, problems.append)
    name = config.label_set or DEFAULT_LABEL_SET
    try:
        label_set = read_label_set(data_folder, name)
    except ConfigError as error:
        problems.append(f"{error} The default options are shown instead.")
        shipped = resources.label_sets() / f"{DEFAULT_LABEL_SET}.json"
        label_set = parse_label_set(DEFAULT_LABEL_SET, read_object(shipped))
    return LabelOptions(config.file, label_set.name, label_set.options, config.semantics, tuple(problems))


def _game_config(data_folder: Path, session: str, report: Callable[[str], None]) -> GameConfig:
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
