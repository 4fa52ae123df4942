"""Acknowledging at once, as far as a test can see it."""

import socket
from collections.abc import Iterator

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
    acknowledge_every_segment(near)
    acknowledge_at_once(near)
    option = getattr(socket, "TCP_QUICKACK", None)
    if option is not None:
        assert near.getsockopt(socket.IPPROTO_TCP, option) == 1


def test_a_connection_that_is_gone_is_no_error(pair: tuple[socket.socket, socket.socket]) -> None:
    near, _ = pair
    near.close()
    acknowledge_every_segment(near)
    acknowledge_at_once(near)
