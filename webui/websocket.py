"""WebSocket on gevent's server: ready-made frames sent as they are, and a limit on what a browser may send."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_socketio import SocketIO
from geventwebsocket.exceptions import ProtocolError, WebSocketError
from geventwebsocket.handler import WebSocketHandler
from geventwebsocket.websocket import WebSocket

from webui.packets import Outgoing, frames_of

__all__ = ["MAX_WEBSOCKET_FRAME", "BoundedWebSocketHandler", "sender"]

MAX_WEBSOCKET_FRAME = 1 << 18
"""Longest WebSocket frame from a browser in bytes; the library itself would take any length."""


def sender(socketio: SocketIO) -> Callable[[str, Sequence[Outgoing]], None]:
    """Make a function that queues messages for a browser, named by its Socket.IO id; it returns at once."""

    def send(sid: str, messages: Sequence[Outgoing]) -> None:
        server = socketio.server
        server.eio.send(server.manager.eio_sid_from_sid(sid, "/"), _Frames(frames_of(messages)))

    return send


class _Frames(bytes):
    """Whole messages as the frames of a server. Engine.IO passes them on as it passes on any bytes."""


class _FramedWebSocket(WebSocket):  # type: ignore[misc]
    """Sends `_Frames` as they are, in one call of the system."""

    __slots__ = ()

    def send(self, message: Any, *arguments: Any) -> None:
        if not isinstance(message, _Frames):
            super().send(message, *arguments)
        elif self.closed:
            raise WebSocketError("the connection is closed")
        else:
            self.raw_write(message)


class BoundedWebSocketHandler(WebSocketHandler):  # type: ignore[misc]
    """Ends a connection that announces a frame beyond the limit, before reading it."""

    def upgrade_connection(self) -> Any:
        """Upgrade, then put the limit in front of the socket."""
        result = super().upgrade_connection()
        websocket = getattr(self, "websocket", None)
        if websocket is not None:
            websocket.__class__ = _FramedWebSocket
            websocket.raw_read = _bounded(websocket.raw_read)
        return result


def _bounded(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def read_at_most(length: int) -> bytes:
        if length > MAX_WEBSOCKET_FRAME:
            raise ProtocolError(f"a frame of {length} bytes is longer than {MAX_WEBSOCKET_FRAME}")
        return read(length)

    return read_at_most
