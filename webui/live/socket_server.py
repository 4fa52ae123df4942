"""Socket.IO server of the page: WebSockets only, each by simple-websocket. Shell.

Messages are MessagePack: an event with bytes in it is one packet, where JSON needs one more for each of them.

The libraries leave two things to us. Engine.IO gives simple-websocket no limit for a message: one in endless fragments
would fill our memory. gevent's `recv` does not yield while data comes and its `send` may send a part: `WebSocketLine`.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import gevent
import simple_websocket
from flask import Flask
from flask_socketio import SocketIO
from gevent.event import Event
from wsproto.utilities import RemoteProtocolError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["MAX_WEBSOCKET_MESSAGE", "BrowserSocket", "create_socketio"]

MAX_WEBSOCKET_MESSAGE = 1 << 18
"""Longest message of a browser in bytes (characters of a text), in however many fragments."""

_PIECE = 1 << 6
"""Bytes that are read before others have their turn: an acknowledgement, or a part of more."""

_PING = (10, 10)
"""Seconds between two pings of a browser, and how long it may take to answer."""


def create_socketio(app: Flask) -> SocketIO:
    """Make the Socket.IO server, without long polling, which keeps state for any client."""
    socketio = SocketIO(
        app,
        async_mode="gevent",
        transports=["websocket"],
        serializer="msgpack",
        max_http_buffer_size=MAX_WEBSOCKET_MESSAGE,
        ping_interval=_PING[0],
        ping_timeout=_PING[1],
    )
    eio = socketio.server.eio
    eio._async = {**eio._async, "websocket": BrowserSocket}  # noqa: SLF001 - there is no public way
    return socketio


class BrowserSocket:
    """WebSocket of a browser, with the interface that Engine.IO expects.

    Args:
        handler: Engine.IO's; called with this object once it is open, and returns when it is over.
    """

    def __init__(self, handler: Callable[["BrowserSocket"], Any], _server: object) -> None:
        self._handler = handler
        self._websocket: Any = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        """Open the WebSocket and serve it until it ends."""
        # Without extensions: to compress each screenshot anew for each browser takes longer than to send it.
        offered = {name: value for name, value in environ.items() if name != "HTTP_SEC_WEBSOCKET_EXTENSIONS"}
        try:
            self._websocket = simple_websocket.Server.accept(
                offered,
                receive_bytes=_PIECE,
                max_message_size=MAX_WEBSOCKET_MESSAGE,
                thread_class=_greenlet,
                event_class=Event,
            )
        except (RemoteProtocolError, simple_websocket.ConnectionError):
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"This is no WebSocket of version 13.\n"]
        self._handler(self)
        return []

    def wait(self) -> str | bytes | None:
        """Wait for the next message of the browser; None when there will be no more."""
        with suppress(simple_websocket.ConnectionClosed):
            message: str | bytes = self._websocket.receive()
            return message
        return None

    def send(self, message: str | bytes) -> None:
        """Send a message.

        Raises:
            OSError: the connection has ended.
        """
        try:
            self._websocket.send(message)
        except simple_websocket.ConnectionClosed:
            raise OSError("the WebSocket is closed") from None

    def close(self) -> None:
        """Close the connection; closing it twice does nothing."""
        with suppress(simple_websocket.ConnectionClosed, OSError):
            self._websocket.close()
        self._websocket.sock.close()


def _greenlet(target: Callable[[], None]) -> "gevent.Greenlet[..., None]":
    return gevent.Greenlet(target)
