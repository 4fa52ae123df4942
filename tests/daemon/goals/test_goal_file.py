from pathlib import Path

import pytest

from daemon.goals.goal_file import read_goal_file
from protocol.errors import GoalError


def test_a_goal_is_read_from_a_file_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "goal.json"
    file.write_text('{"done": "hp == 0"}', encoding="utf-8")
    assert read_goal_file(file) == {"done": "hp == 0"}


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "goal.json").write_text("{", encoding="utf-8")
    for name in ("goal.json", "none.json"):
        with pytest.raises(GoalError, match="cannot be read"):
            read_goal_file(tmp_path / name)
