from lua.headless.errors import FrozenError, NobodyListensError, ScriptError
from protocol.errors import UserError


def test_nobody_listening_is_reported_with_the_way_out() -> None:
    told = "Nobody listens on 127.0.0.1:4711: start the daemon first, with `gbatrace serve`."
    assert str(NobodyListensError("127.0.0.1", 4711)) == told


def test_only_a_freeze_is_not_the_players_doing() -> None:
    assert all(issubclass(error, UserError) for error in (ScriptError, NobodyListensError))
    assert not issubclass(FrozenError, UserError)
    assert "EmuHawk would freeze here" in str(FrozenError())
