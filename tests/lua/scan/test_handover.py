"""Word from a script that is stopped to the one that is started in its place."""

import pytest

from tests.lua.machine import Machine, from_lua

IDENTITY = "ABAB 5 chunked iwram@3000000+8000"
LEFT = {
    "session": "20260101-120000-game",
    "token": "T1",
    "next_set": 7,
    "last_frame": 38,
    "last_time": 1_753_996_829_123,
    "identity": IDENTITY,
}


def word(lua: Machine) -> bytes:
    packed: bytes = lua.require("scan.handover")[b"pack"](lua.to_lua(LEFT), 1000)
    return packed


@pytest.mark.parametrize("seconds", [999, 1000, 1010])
def test_the_next_script_goes_on(lua: Machine, seconds: int) -> None:
    unpack = lua.require("scan.handover")[b"unpack"]
    assert from_lua(unpack(word(lua), seconds, IDENTITY.encode())) == LEFT


@pytest.mark.parametrize(("seconds", "identity"), [(1011, IDENTITY), (900, IDENTITY), (1000, "another game")])
def test_one_of_another_game_or_time_does_not(lua: Machine, seconds: int, identity: str) -> None:
    assert lua.require("scan.handover")[b"unpack"](word(lua), seconds, identity.encode()) is None


@pytest.mark.parametrize("rubbish", [None, b"", b"true", b"1\n2\n3"])
def test_rubbish_is_no_word(lua: Machine, rubbish: bytes | None) -> None:
    assert lua.require("scan.handover")[b"unpack"](rubbish, 1000, b"") is None
