"""Comm socket below the Lua functions."""

import threading
from collections.abc import Iterator

import pytest

from lua.headless.comm_socket import CommSocket, prefix
from tests.lua.headless.peer import Peer


@pytest.fixture
def link(peer: Peer) -> Iterator[CommSocket]:
    connected = CommSocket(*peer.link, lambda: b"a picture")
    yield connected
    connected.close()


def test_a_frame_is_length_space_payload() -> None:
    assert prefix(b"") == b"0 "
    assert prefix("ü".encode()) == b"2 \xc3\xbc"


def test_sending_waits_while_the_peers_window_is_full(link: CommSocket, peer: Peer) -> None:
    text = "x" * 30_000_000
    sender = threading.Thread(target=link.send_string, args=(text,))
    sender.start()
    sender.join(0.3)
    assert sender.is_alive()
    assert len(peer.accept().read_payload()) == len(text)
    sender.join(5)
    assert not sender.is_alive()
    assert link.successful


def test_a_screenshot_is_tried_ten_times_on_ten_connections(
    link: CommSocket, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[bytes] = []

    def fail(data: bytes) -> int:
        tries.append(data)
        return -1

    monkeypatch.setattr(link, "send_bytes", fail)
    assert not link.send_screenshot()
    assert tries == [b"9 a picture"] * 10
    for _ in range(1 + 10):
        peer.accept()
    assert peer.no_connection_waits()
    assert not link.successful


def test_the_tenth_try_is_called_a_failure_though_it_succeeds(
    link: CommSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([-1] * 9 + [11])
    monkeypatch.setattr(link, "send_bytes", lambda _data: next(answers))
    assert not link.send_screenshot()


def test_counts_what_left(link: CommSocket, peer: Peer) -> None:
    link.send_string("12345")
    link.send_screenshot()
    assert link.sent == len(b"5 12345") + len(b"9 a picture")
    daemon = peer.accept()
    assert [daemon.read_payload(), daemon.read_payload()] == [b"12345", b"a picture"]


def test_the_end_of_the_process_closes_every_connection(link: CommSocket, peer: Peer) -> None:
    link.port = peer.port
    link.close()
    assert peer.accept().is_closed()
    assert peer.accept().is_closed()
