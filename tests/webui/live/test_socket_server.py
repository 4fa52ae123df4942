import contextlib
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import msgpack
import pytest
from websocket import (
    ABNF,
    WebSocket,
    WebSocketBadStatusException,
    WebSocketConnectionClosedException,
    WebSocketException,
    create_connection,
)

from tests.fakes.bus_daemon import FakeDaemon, make_frame_set
from tests.webui.page_process import PageProcess
from webui.live.feed import PREVIEW_WINDOW
from webui.live.socket_server import MAX_WEBSOCKET_MESSAGE

CONNECT, EVENT = 0, 2
"""Types of Socket.IO packets, which are MessagePack."""

LARGE_SCREENSHOT = bytes(3 << 20)
"""More than the system keeps for a connection on which nobody reads, so that a message goes in parts."""


class Line:
    """A bare WebSocket that speaks as much Socket.IO as the tests need."""

    def __init__(self, server: PageProcess, **options: Any) -> None:
        url = urlsplit(server.address)
        self._socket = socket.create_connection((url.hostname, url.port), timeout=5)
        address = f"ws://{url.netloc}/socket.io/?EIO=4&transport=websocket"
        self._line: WebSocket = create_connection(address, socket=self._socket, **options)
        self.messages = 0

    def close(self) -> None:
        self._socket.close()

    def send(self, text: str) -> None:
        self._line.send(text)

    def send_fragment(self, text: str, *, first: bool) -> None:
        kind = ABNF.OPCODE_TEXT if first else ABNF.OPCODE_CONT
        self._line.send_frame(ABNF.create_frame(text, kind, 0))

    def send_on(self, text: str) -> None:
        """Send the same message until the connection ends."""
        with contextlib.suppress(OSError, WebSocketException):
            data = ABNF.create_frame(text, ABNF.OPCODE_TEXT).format() * (1 + 4096 // len(text))
            while True:
                self._socket.sendall(data)

    def send_packet(self, kind: int, **fields: object) -> None:
        self._line.send_binary(msgpack.packb({"type": kind, "nsp": "/", **fields}))

    def emit(self, name: str, argument: object) -> None:
        self.send_packet(EVENT, data=[name, argument])

    def receive(self) -> str | dict[str, Any]:
        """The next packet, of Socket.IO or else of Engine.IO; pings are passed over."""
        while (data := self._line.recv()) == "2":
            pass
        if isinstance(data, str):
            return data
        packet: dict[str, Any] = msgpack.unpackb(data)
        self.messages += packet["type"] == EVENT
        return packet

    def wait_for(self, *names: str) -> dict[str, Any]:
        while True:
            match self.receive():
                case {"type": 2, "data": [str(event), dict(body)]} if event in names:
                    return body

    def watch(self, session: str) -> None:
        """Connect, wait until the session is known, whenever the page hears of it, and watch it."""
        self.send_packet(CONNECT)
        while not (body := self.wait_for("welcome", "state", "session")).get("session") and not body["sessions"]:
            pass
        self.emit("watch", {"session": session})
        self.wait_for("watched")

    def read_to_end(self) -> list[object]:
        received: list[object] = []
        with contextlib.suppress(WebSocketConnectionClosedException, OSError):
            while text := self.receive():
                received.append(text)
        return received


def lower_quartile(delays: list[float]) -> float:
    """Return the delay of the fastest quarter: a busy machine makes some late, a fault nearly all."""
    return statistics.quantiles(delays, n=4)[0]


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path) as daemon:
        yield daemon


@pytest.fixture
def server(daemon: FakeDaemon) -> Iterator[PageProcess]:
    server = PageProcess(daemon)
    server.start()
    yield server
    server.stop()


def test_a_preview_is_not_held_back_on_its_way(daemon: FakeDaemon, server: PageProcess) -> None:
    session = daemon.open_session("meadow")
    with contextlib.closing(Line(server)) as line:
        line.watch("meadow")
        delays = []
        for _ in range(20):
            session.play(1)
            sent = time.monotonic()
            line.wait_for("preview")
            delays.append(time.monotonic() - sent)
            line.emit("seen", line.messages)
    # Nagle's algorithm and a delayed acknowledgement make 40 ms of nearly each.
    assert lower_quartile(delays) < 0.03, delays


def test_a_browser_that_reads_late_gets_every_message_whole_and_nobody_waits_for_it(
    daemon: FakeDaemon, server: PageProcess
) -> None:
    with contextlib.closing(Line(server)) as late, contextlib.closing(Line(server)) as other:
        session = daemon.open_session("meadow")
        for line in (late, other):
            line.watch("meadow")
        for number in range(PREVIEW_WINDOW + 20):
            session.store(make_frame_set(number, png=LARGE_SCREENSHOT))
            other.wait_for("preview")
            other.emit("seen", other.messages)
        numbers = [late.wait_for("frame_set")["frame_set"]["frame_set_id"] for _ in range(PREVIEW_WINDOW + 20)]
    assert numbers == list(range(PREVIEW_WINDOW + 20))


@pytest.mark.parametrize("fragments", [1, 2, 1000])
def test_a_message_beyond_the_limit_ends_the_connection(server: PageProcess, fragments: int) -> None:
    with contextlib.closing(Line(server)) as line, contextlib.closing(Line(server)) as other:
        assert str(line.receive()).startswith("0{")
        part = "4" * (MAX_WEBSOCKET_MESSAGE // fragments + 1)
        with contextlib.suppress(OSError):
            for number in range(fragments):
                line.send_fragment(part, first=number == 0)
        assert line.read_to_end() == []
        assert str(other.receive()).startswith("0{"), "others are still served"


@pytest.mark.parametrize("message", ["3", "4" * (MAX_WEBSOCKET_MESSAGE - 10), "42[]"])
def test_whoever_sends_without_end_takes_nobodys_turn(server: PageProcess, message: str) -> None:
    with contextlib.closing(Line(server)) as line:
        sending = threading.Thread(target=line.send_on, args=(message,))
        sending.start()
        delays = []
        for _ in range(20):
            asked = time.monotonic()
            with urlopen(f"{server.address}/static/icon.svg", timeout=10) as answer:
                answer.read()
            delays.append(time.monotonic() - asked)
        line.close()
        sending.join()
    assert lower_quartile(delays) < 0.5, delays


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"host": "evil.example", "origin": "http://evil.example"}, 421),
        ({"header": {"X-Forwarded-For": "203.0.113.7"}}, 401),
    ],
)
def test_a_websocket_is_not_even_opened_for_who_may_not_ask(
    server: PageProcess, options: dict[str, Any], status: int
) -> None:
    with pytest.raises(WebSocketBadStatusException) as refusal:
        Line(server, **options)
    assert refusal.value.status_code == status
