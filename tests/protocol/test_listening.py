"""A port for one program alone."""

import socket
import sys
from typing import Any

import gevent.socket
import pytest

from protocol.errors import PortInUseError, SettingsError
from protocol.listening import listening_socket

WORDS = ("testing", "127.0.0.1")
OPTIONS = ("--port", "--host")


@pytest.fixture(params=[socket, gevent.socket], ids=lambda module: module.__name__)
def net(request: pytest.FixtureRequest) -> Any:
    """The module of the daemon's sockets, and that of the page's."""
    return request.param


def test_who_connects_is_heard() -> None:
    with (
        listening_socket(socket, *WORDS, 0, *OPTIONS) as listening,
        socket.create_connection(listening.getsockname()) as near,
    ):
        far, _ = listening.accept()
        with far:
            near.sendall(b"hello")
            assert far.recv(10) == b"hello"


def test_a_port_that_somebody_has_is_refused(net: Any) -> None:
    with listening_socket(net, *WORDS, 0, *OPTIONS) as listening, pytest.raises(PortInUseError):
        listening_socket(net, *WORDS, listening.getsockname()[1], *OPTIONS)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "fe80::1"])
def test_an_address_of_another_machine_is_named(net: Any, host: str) -> None:
    with pytest.raises(SettingsError, match=f"This machine has no address {host}"):
        listening_socket(net, "testing", host, 0, *OPTIONS)


def test_an_ipv6_address_is_listened_at(net: Any) -> None:
    with listening_socket(net, "testing", "::1", 0, *OPTIONS) as listening, pytest.raises(PortInUseError):
        listening_socket(net, "testing", "::1", listening.getsockname()[1], *OPTIONS)


def test_on_windows_nobody_can_share_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    class Socket(socket.socket):
        def setsockopt(self, level: int, option: int, value: object) -> None:  # type: ignore[override]
            asked.append((level, option))

    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", -5, raising=False)
    monkeypatch.setattr(socket, "socket", Socket)
    monkeypatch.setattr(sys, "platform", "win32")
    listening_socket(socket, *WORDS, 0, *OPTIONS).close()
    assert asked == [(socket.SOL_SOCKET, -5)]
