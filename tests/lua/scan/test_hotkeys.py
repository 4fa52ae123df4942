"""Hotkeys: their settings, when they act, and the notice on the screen."""

from typing import Any

import pytest

from tests.lua.machine import Machine, from_lua

LATCH = {"latch": {"field": "context", "value": "battle"}}


def check(lua: Machine, raw: Any) -> tuple[list[Any], list[str]]:
    bindings, problems = lua.require("scan.hotkeys")[b"check"](lua.to_lua(raw))
    return from_lua(bindings) or [], from_lua(problems) or []


def test_a_key_marks_or_latches(lua: Machine) -> None:
    bindings, problems = check(lua, {"X": {"mark": "boss"}, "Keypad1": LATCH})
    assert problems == []
    assert bindings == [
        {
            "key": "Keypad1",
            "action": {
                "name": "latch",
                "details": {"field": "context", "value": "battle"},
                "notice": "context battle",
            },
        },
        {"key": "X", "action": {"name": "mark", "details": {"name": "boss"}, "notice": "mark boss"}},
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        7,
        {},
        {"mark": ""},
        {"mark": "x" * 300},
        {"mark": b"\xff"},
        {"mark": "a", **LATCH},
        {"latch": "battle"},
        {"latch": {"field": "tags", "value": "a"}},
        {"latch": {"field": "context"}},
    ],
)
def test_an_unusable_setting_is_reported(lua: Machine, wanted: Any) -> None:
    sentence = "the hotkey X must have a mark, or a latch of field and value; it does nothing now"
    assert check(lua, {"X": wanted}) == ([], [sentence])


@pytest.mark.parametrize(("raw", "problems"), [(None, 0), ({}, 0), ("F5", 1)])
def test_there_may_be_none(lua: Machine, raw: Any, problems: int) -> None:
    bindings, said = check(lua, raw)
    assert bindings == []
    assert len(said) == problems


def test_a_key_acts_when_it_goes_down_and_not_while_it_is_held(lua: Machine) -> None:
    module = lua.require("scan.hotkeys")
    bindings, _ = module[b"check"](lua.to_lua({"A": {"mark": "a"}, "B": {"mark": "b"}}))
    hotkeys = module[b"new"](bindings)

    def press(*down: str) -> list[str]:
        actions = from_lua(hotkeys[b"pressed"](hotkeys, lua.to_lua(dict.fromkeys(down, True)))) or []
        return [action["details"]["name"] for action in actions]

    assert press("A") == ["a"]
    assert press("A", "B") == ["b"]
    assert press("A", "C") == []
    assert press() == []
    assert press("B", "A") == ["a", "b"]


def test_a_notice_stands_next_to_the_status_for_a_moment(lua: Machine) -> None:
    module = lua.require("scan.hotkeys")
    bindings, _ = module[b"check"](lua.to_lua({"A": {"mark": "boss"}}))
    hotkeys = module[b"new"](bindings)

    def caption(status: bytes) -> bytes:
        shown: bytes = hotkeys[b"caption"](hotkeys, status)
        return shown

    assert caption(b"") == b""
    assert caption(b"battle") == b"battle"
    hotkeys[b"pressed"](hotkeys, lua.to_lua({"A": True}))
    assert caption(b"battle") == b"battle [mark boss]"
    assert {caption(b"") for _ in range(89)} == {b"[mark boss]"}
    assert caption(b"") == b""
