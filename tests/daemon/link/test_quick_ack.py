"""Acknowledging at once, as far as a test can see it."""

import ctypes
import socket
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from daemon.link.quick_ack import acknowledge_at_once, acknowledge_every_segment


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a TCP connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        near = socket.create_connection(listening.getsockname())
        far, _ = listening.accept()
    with near, far:
        yield near, far


def test_what_was_asked_for_is_set_where_the_system_knows_it(pair: tuple[socket.socket, socket.socket]) -> None:
    near, far = pair
    far.sendall(b"12 some of it")
    assert near.recv(100)
    assert acknowledge_every_segment(near)
    acknowledge_at_once(near)
    option = getattr(socket, "TCP_QUICKACK", None)
    if option is not None:
        assert near.getsockopt(socket.IPPROTO_TCP, option) == 1


def test_a_connection_that_is_gone_is_no_error(pair: tuple[socket.socket, socket.socket]) -> None:
    near, _ = pair
    near.close()
    acknowledge_every_segment(near)
    acknowledge_at_once(near)


@pytest.mark.parametrize(("answer", "taken"), [(0, True), (-1, False)])
def test_on_windows_the_systems_answer_counts(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch, answer: int, *, taken: bool
) -> None:
    asked: list[int] = []

    def ask(_connection: object, code: ctypes.c_ulong, *_rest: object) -> int:
        asked.append(code.value)
        return answer

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(ws2_32=SimpleNamespace(WSAIoctl=ask)), raising=False)
    assert acknowledge_every_segment(pair[0]) is taken
    assert asked == [0x98000017]
