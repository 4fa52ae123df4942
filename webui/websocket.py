"""WebSocket on gevent's server: sent at once, with a limit on what a browser may send."""

import socket
from collections.abc import Callable
from typing import Any

from geventwebsocket.exceptions import ProtocolError
from geventwebsocket.handler import WebSocketHandler

__all__ = ["MAX_WEBSOCKET_FRAME", "BoundedWebSocketHandler"]

MAX_WEBSOCKET_FRAME = 1 << 18
"""Longest WebSocket frame from a browser in bytes; the library itself would take any length."""


class BoundedWebSocketHandler(WebSocketHandler):  # type: ignore[misc]
    """Ends a connection that announces a frame beyond the limit, before reading it."""

    def upgrade_connection(self) -> Any:
        """Upgrade, then put the limit in front of the socket."""
        # A preview goes out as three small frames; Nagle's algorithm would hold the last one back for 40 ms.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        result = super().upgrade_connection()
        websocket = getattr(self, "websocket", None)
        if websocket is not None:
            websocket.raw_read = _bounded(websocket.raw_read)
        return result


def _bounded(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def read_at_most(length: int) -> bytes:
        if length > MAX_WEBSOCKET_FRAME:
            raise ProtocolError(f"a frame of {length} bytes is longer than {MAX_WEBSOCKET_FRAME}")
        return read(length)

    return read_at_most
