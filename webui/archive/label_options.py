"""Label options of a session: its label set, and the meanings of its buttons. Shell.

A file that cannot be used is reported in one sentence; the session's own copy, or the shipped file, replaces it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import resources
from protocol.errors import ConfigError
from resources.config_files import read_label_set, read_object, recorded_game_config
from resources.label_set import DEFAULT_LABEL_SET, parse_label_set

__all__ = ["LabelOptions", "label_options"]


@dataclass(frozen=True, slots=True)
class LabelOptions:
    """Label options of a session.

    Args:
        game_config: file name of the session's game config, empty where there is none for its game.
        label_set: name of the label set.
        options: by field, in the order of the file; see `resources.label_set.LabelSet`.
        semantics: `{"context", button: [meanings]}` of the game config.
        problems: one sentence for each file that could not be used.
    """

    game_config: str
    label_set: str
    options: Mapping[str, list[dict[str, Any]]]
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
    config = recorded_game_config(data_folder, session, problems.append)
    name = config.label_set or DEFAULT_LABEL_SET
    try:
        label_set = read_label_set(data_folder, name)
    except ConfigError as error:
        problems.append(f"{error} The default options are shown instead.")
        shipped = resources.label_sets() / f"{DEFAULT_LABEL_SET}.json"
        label_set = parse_label_set(DEFAULT_LABEL_SET, read_object(shipped))
    return LabelOptions(config.file, label_set.name, label_set.options, config.semantics, tuple(problems))
