"""Hand-over of a session from a stopped script to the next: its identity, its ten seconds, its parsing."""

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


def packed(lua: Machine) -> bytes:
    text: bytes = lua.require("scan.handover")[b"pack"](lua.to_lua(LEFT), 1000)
    return text


@pytest.mark.parametrize("seconds", [999, 1000, 1010])
def test_the_next_script_goes_on(lua: Machine, seconds: int) -> None:
    unpack = lua.require("scan.handover")[b"unpack"]
    assert from_lua(unpack(packed(lua), seconds, IDENTITY.encode())) == LEFT


@pytest.mark.parametrize("seconds", [900, 989, 1011])
def test_the_next_script_takes_no_session_after_ten_seconds(lua: Machine, seconds: int) -> None:
    assert lua.require("scan.handover")[b"unpack"](packed(lua), seconds, IDENTITY.encode()) is None


def test_another_game_does_not_go_on(lua: Machine) -> None:
    assert lua.require("scan.handover")[b"unpack"](packed(lua), 1000, b"another game") is None


@pytest.mark.parametrize("rubbish", [None, b"", b"true", b"1\n2\n3"])
def test_rubbish_is_no_hand_over(lua: Machine, rubbish: bytes | None) -> None:
    assert lua.require("scan.handover")[b"unpack"](rubbish, 1000, b"") is None
