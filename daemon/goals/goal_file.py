"""Goal in a file of its own. Shell."""

from pathlib import Path

import orjson

from protocol.disk import read_file
from protocol.errors import GoalError

__all__ = ["read_goal_file"]


def read_goal_file(file: Path) -> object:
    """Read a goal as in JSON, for `parse_goal`.

    Raises:
        GoalError: the file cannot be read, or is not JSON.
    """
    try:
        return orjson.loads(read_file(file))
    except (OSError, orjson.JSONDecodeError) as error:
        raise GoalError(f"The goal {file} cannot be read ({error}).") from None
