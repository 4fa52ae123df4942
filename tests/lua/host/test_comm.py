"""A link's actions, over a comm library that fails in every way that BizHawk's does."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.lua.machine import Machine, from_lua


def throwing(*_: object) -> None:
    raise ConnectionRefusedError


def carry_out(lua: Machine, action: dict[str, object], **functions: Callable[..., Any]) -> Any:
    """Run an action; return the report to the link: its name and its result."""
    lua.execute("comm = ... client = comm", {"socketServerGetPort": lambda: 9999, **functions})
    run = lua.execute(
        """
        local action, comm = ..., require('host.comm')
        local reports, said = {}, nil
        local link = setmetatable({}, { __index = function(_, name)
            return function(_, result) reports = { name, result } end
        end })
        function link.next_action()
            local due = action
            action = nil
            return due
        end
        comm.run(link, 50, function(text) said = text end)
        return said or reports
        """,
        action,
    )
    return from_lua(run)


@pytest.mark.parametrize(("answer", "available"), [(lambda: 9999, True), (lambda: None, False), (throwing, False)])
def test_a_socket_is_there_or_not(lua: Machine, answer: Callable[..., Any], available: bool) -> None:
    lua.execute("comm = ...", {"socketServerGetPort": answer})
    assert lua.require("host.comm")[b"available"]() is available


def test_without_a_comm_library_there_is_none(lua: Machine) -> None:
    assert lua.require("host.comm")[b"available"]() is False


@pytest.mark.parametrize(("answer", "sent"), [(lambda _: 12, True), (lambda _: -1, False), (throwing, False)])
def test_sends_tell_whether_they_went_out(lua: Machine, answer: Callable[..., Any], sent: bool) -> None:
    assert carry_out(lua, {"name": "send", "payload": "hello"}, socketServerSend=answer) == ["sent", sent]


@pytest.mark.parametrize(
    ("answer", "sent"),
    [(lambda: b"Screenshot was sent", True), (lambda: b"Screenshot could not be sent", False), (throwing, False)],
)
def test_screenshots_too(lua: Machine, answer: Callable[..., Any], sent: bool) -> None:
    assert carry_out(lua, {"name": "screenshot"}, socketServerScreenShot=answer) == ["sent", sent]


def test_a_read_always_has_a_time_out(lua: Machine) -> None:
    calls: list[object] = []

    def response() -> bytes:
        calls.append("read")
        return b"reply"

    library: dict[str, Callable[..., Any]] = {"socketServerSetTimeout": calls.append, "socketServerResponse": response}
    assert carry_out(lua, {"name": "receive"}, **library) == ["received", "reply"]
    assert carry_out(lua, {"name": "receive", "timeout": 10}, **library) == ["received", "reply"]
    assert calls == [50, "read", 10, "read"]


def test_a_read_that_throws_is_no_reply(lua: Machine) -> None:
    library: dict[str, Callable[..., Any]] = {
        "socketServerSetTimeout": lambda _: None,
        "socketServerResponse": throwing,
    }
    assert carry_out(lua, {"name": "receive"}, **library) == ["received"]


@pytest.mark.parametrize(("answer", "connected"), [(lambda _: None, True), (throwing, False)])
def test_connecting_again_may_be_refused(lua: Machine, answer: Callable[..., Any], connected: bool) -> None:
    assert carry_out(lua, {"name": "connect"}, socketServerSetPort=answer) == ["connected", connected]


@pytest.mark.parametrize(("answer", "paused"), [(lambda _: None, True), (throwing, False)])
def test_a_pause_ends_when_the_emulator_is_closed(lua: Machine, answer: Callable[..., Any], paused: bool) -> None:
    assert carry_out(lua, {"name": "pause"}, sleep=answer) == ["paused", paused]


def test_a_line_for_the_player_is_shown(lua: Machine) -> None:
    assert carry_out(lua, {"name": "say", "payload": "connected"}) == "connected"
