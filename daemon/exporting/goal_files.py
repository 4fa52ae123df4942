"""Goals on disk: a file of their own, or `goal` of a game config. Shell."""

from collections.abc import Sequence
from pathlib import Path

from daemon.goals.goal_file import read_goal_file
from protocol.errors import ExportError
from protocol.session.reader import SessionReader
from resources.config_files import session_game_config

__all__ = ["read_goal"]


def read_goal(sessions: Sequence[SessionReader], file: Path | None) -> tuple[object, str] | None:
    """Read the goal of a dataset.

    Args:
        sessions: its sessions; without a file the first game config that declares a goal counts.
        file: a file of its own.

    Returns:
        The goal as in JSON, and what holds it; None where none is declared.

    Raises:
        GoalError: the file cannot be read.
        ExportError: two games have different goals.
    """
    if file is not None:
        return read_goal_file(file), str(file)
    found: list[tuple[object, str]] = []
    for session in sessions:
        metadata = session.metadata
        config = session_game_config(
            session.folder.path.parent, metadata.game_config, metadata.config_content, lambda _problem: None
        )
        if "goal" in config.content and (config.content["goal"], config.file) not in found:
            found.append((config.content["goal"], config.file))
    if len(found) > 1:
        raise ExportError(
            f"{found[0][1]} and {found[1][1]} declare different goals: export these games apart, or give --goal."
        )
    return found[0] if found else None
