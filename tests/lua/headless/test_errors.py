from pathlib import Path

import pytest

from lua.headless.errors import FrozenError, InputFileError, NobodyListensError, ScriptError
from protocol.errors import UserError


@pytest.mark.parametrize(
    ("line", "told"), [(3, "tour.inputs, line 3: no such button."), (0, "tour.inputs: no such button.")]
)
def test_a_bad_input_file_is_told_with_the_line_where_there_is_one(line: int, told: str) -> None:
    assert str(InputFileError(Path("tour.inputs"), line, "no such button")) == told


def test_nobody_listening_is_told_with_the_way_out() -> None:
    told = "Nobody listens on 127.0.0.1:4711: start the daemon first, with `gbatrace serve`."
    assert str(NobodyListensError("127.0.0.1", 4711)) == told


def test_only_a_freeze_is_not_the_players_doing() -> None:
    assert all(issubclass(error, UserError) for error in (ScriptError, InputFileError, NobodyListensError))
    assert not issubclass(FrozenError, UserError)
    assert "EmuHawk would freeze here" in str(FrozenError())
