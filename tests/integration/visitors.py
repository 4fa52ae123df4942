"""Browsers that are no good: one takes what it is sent a few bytes at a time, one takes nothing and never goes away."""

import contextlib
import json
import socket

from websocket import WebSocketException, create_connection

__all__ = ["Visitor"]

_PATIENCE = 2.0
"""Seconds to wait for a page that may be dead, or stand still."""

_CONNECT, _EVENT = "40", "42"


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
            address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
            line = create_connection(address, socket=self._wire, timeout=_PATIENCE)
            line.send(_CONNECT)
            line.send(_EVENT + json.dumps(["watch", {"session": session}]))
        self._wire.setblocking(False)

    def take(self) -> None:
        """Take a little of what came."""
        if self._appetite:
            with contextlib.suppress(OSError):
                self._wire.recv(self._appetite)

    def leave(self) -> None:
        """Go away without a word."""
        self._wire.close()
