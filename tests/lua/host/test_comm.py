"""The socket's port, over a comm library that fails in every way that BizHawk's does."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.lua.machine import Machine


def throwing(*_: object) -> None:
    raise ConnectionRefusedError


def port(lua: Machine, **functions: Callable[..., Any]) -> Any:
    lua.execute("comm = ...", {"socketServerGetPort": lambda: 9999, **functions})
    return lua.require("host.comm")[b"open"](50)


@pytest.mark.parametrize(("answer", "available"), [(lambda: 9999, True), (lambda: None, False), (throwing, False)])
def test_a_socket_is_there_or_not(lua: Machine, answer: Callable[..., Any], available: bool) -> None:
    lua.execute("comm = ...", {"socketServerGetPort": answer})
    assert lua.require("host.comm")[b"available"]() is available


def test_without_a_comm_library_there_is_none(lua: Machine) -> None:
    assert lua.require("host.comm")[b"available"]() is False


@pytest.mark.parametrize(("answer", "sent"), [(lambda _: 12, True), (lambda _: -1, False), (throwing, False)])
def test_sends_tell_whether_they_went_out(lua: Machine, answer: Callable[..., Any], sent: bool) -> None:
    assert port(lua, socketServerSend=answer)[b"send"](b"hello") is sent


@pytest.mark.parametrize(
    ("answer", "sent"),
    [(lambda: b"Screenshot was sent", True), (lambda: b"Screenshot could not be sent", False), (throwing, False)],
)
def test_screenshots_too(lua: Machine, answer: Callable[..., Any], sent: bool) -> None:
    assert port(lua, socketServerScreenShot=answer)[b"screenshot"]() is sent


def test_a_read_always_has_a_time_out(lua: Machine) -> None:
    calls: list[object] = []

    def response() -> bytes:
        calls.append("read")
        return b"reply"

    comm = port(lua, socketServerSetTimeout=calls.append, socketServerResponse=response)
    assert comm[b"receive"]() == b"reply"
    assert comm[b"receive"]() == b"reply"
    assert calls == [50, "read", 50, "read"]


def test_a_read_that_throws_is_no_reply(lua: Machine) -> None:
    assert port(lua, socketServerSetTimeout=lambda _: None, socketServerResponse=throwing)[b"receive"]() is None


@pytest.mark.parametrize(("answer", "connected"), [(lambda _: None, True), (throwing, False)])
def test_connecting_again_may_be_refused(lua: Machine, answer: Callable[..., Any], connected: bool) -> None:
    assert port(lua, socketServerSetPort=answer)[b"connect"]() is connected
