"""Browsers without a screen: one that keeps up, and those that do not.

Of the latter one takes what it is sent a few bytes at a time, and one takes nothing and never goes away.
"""

import contextlib
import socket
import threading

import msgpack
from websocket import WebSocket, WebSocketException, create_connection

__all__ = ["CONNECT", "EVENT", "Visitor", "Watcher", "socketio_packet"]

_PATIENCE = 2.0
"""Seconds to wait for a page that may be dead, or stand still."""

_PING, _PONG = "2", "3"
CONNECT, EVENT = 0, 2
"""Types of Socket.IO packets, which are MessagePack."""


class Visitor:
    """A browser that watches a session and does not keep up, or not at all.

    Args:
        port: of the page.
        session: what it watches.
        appetite: bytes that it takes at a time; 0 for one that is dead.
    """

    def __init__(self, port: int, session: str, appetite: int) -> None:
        self._appetite = appetite
        self._wire = socket.socket()
        self._wire.settimeout(_PATIENCE)
        with contextlib.suppress(OSError, WebSocketException):
            self._wire.connect(("127.0.0.1", port))
            line = create_connection(_address(port), socket=self._wire, timeout=_PATIENCE)
            line.send_binary(socketio_packet(CONNECT))
            line.send_binary(_event("watch", {"session": session}))
        self._wire.setblocking(False)

    def take(self) -> None:
        """Take a little of what came."""
        if self._appetite:
            with contextlib.suppress(OSError):
                self._wire.recv(self._appetite)

    def leave(self) -> None:
        """Go away without a word."""
        self._wire.close()


class Watcher:
    """A browser that watches a session and acknowledges every screenshot.

    Args:
        port: of the page.
        session: what it watches.

    Attributes:
        previews: how many it was shown.
    """

    def __init__(self, port: int, session: str) -> None:
        self.previews = 0
        self._session = session
        self._messages = 0
        self._line: WebSocket = create_connection(_address(port))
        self._line.send_binary(socketio_packet(CONNECT))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Go away."""
        self._line.close()
        self._thread.join(_PATIENCE)

    def _listen(self) -> None:
        with contextlib.suppress(OSError, WebSocketException):
            while True:
                self._take(self._line.recv())

    def _take(self, packet: str | bytes) -> None:
        if packet == _PING:
            self._line.send(_PONG)
        if not isinstance(packet, bytes) or (event := msgpack.unpackb(packet))["type"] != EVENT:
            return
        name, body = event["data"]
        self._messages += 1
        if name in {"welcome", "state"} and body["daemon"]["status"] == "up":
            self._line.send_binary(_event("watch", {"session": self._session}))
        if name == "preview":
            self.previews += 1
            self._line.send_binary(_event("seen", self._messages))


def _address(port: int) -> str:
    return f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"


def _event(name: str, argument: object) -> bytes:
    return socketio_packet(EVENT, data=[name, argument])


def socketio_packet(kind: int, **fields: object) -> bytes:
    """Write a packet of Socket.IO as the page and its server do, in MessagePack."""
    data: bytes = msgpack.packb({"type": kind, "nsp": "/", **fields})
    return data
