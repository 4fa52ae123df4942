"""The WebSocket of a browser, as Engine.IO wants one. Shell around a connection of gevent's server.

Ready-made frames are sent as they are. What comes is read in small pieces, and everybody else has a turn after each
piece and each message, however fast they come. What may come is decided in `websocket_messages`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from socket import SHUT_RDWR
from typing import TYPE_CHECKING, Any, Protocol

import gevent
from flask_socketio import SocketIO
from gevent.lock import BoundedSemaphore

from webui.live.packets import Outgoing, frames_of
from webui.live.websocket_messages import Ended, MessageReader, Reply, accept

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["CONNECTION", "MAX_WEBSOCKET_MESSAGE", "BrowserSocket", "Connection", "open_websockets", "sender"]

CONNECTION = "gbatrace.connection"
"""Where a request's environment has the `Connection` that it came on."""

MAX_WEBSOCKET_MESSAGE = 1 << 18
"""Longest message of a browser in bytes, in however many fragments."""

_PIECE = 1 << 14
"""Bytes that are read at once: a fraction of a millisecond's work."""


class Connection(Protocol):
    """A connection of the server, on which a request for a WebSocket came."""

    socket: Any
    rfile: Any

    def begin_websocket(self) -> None:
        """Count it as a WebSocket from now on; no further request is read from it."""


def open_websockets(socketio: SocketIO) -> None:
    """Let Engine.IO open its WebSockets as `BrowserSocket`; its own ways need a server or a library of their own."""
    eio = socketio.server.eio
    eio._async = {**eio._async, "websocket": BrowserSocket}  # noqa: SLF001 - there is no public way


def sender(socketio: SocketIO) -> Callable[[str, Sequence[Outgoing]], None]:
    """Make a function that queues messages for a browser, named by its Socket.IO id; it returns at once."""

    def send(sid: str, messages: Sequence[Outgoing]) -> None:
        server = socketio.server
        server.eio.send(server.manager.eio_sid_from_sid(sid, "/"), _Frames(frames_of(messages)))

    return send


class _Frames(bytes):
    """Whole messages as the frames of a server. Engine.IO passes them on as it passes on any bytes."""


class BrowserSocket:
    """One WebSocket: opened by the call, then read by one greenlet and written by others.

    Args:
        handler: Engine.IO's; called with this object once it is open, and returns when it is over.
    """

    def __init__(self, handler: Callable[["BrowserSocket"], Any], _server: object) -> None:
        self._handler = handler
        self._reader = MessageReader(MAX_WEBSOCKET_MESSAGE)
        self._writing = BoundedSemaphore(1)
        self._connection: Connection | None = None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        """Open it and serve it until it ends."""
        head = accept(environ)
        if head is None:
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"This is no WebSocket of version 13.\n"]
        self._connection = environ[CONNECTION]
        self._connection.begin_websocket()
        with suppress(OSError):
            self._connection.socket.sendall(head)
            self._handler(self)
        self.close()
        return []

    def wait(self) -> str | bytes | None:
        """Wait for the next message of the browser; None when there will be no more."""
        with suppress(OSError, ValueError):
            while True:
                gevent.sleep(0)
                try:
                    message = next(self._reader.messages(), None)
                except Ended as ended:
                    self._write(ended.farewell)
                    return None
                if isinstance(message, Reply):
                    self._write(message.data)
                elif message is not None:
                    return message
                elif not self._read():
                    return None
        return None

    def send(self, message: str | bytes) -> None:
        """Send a message, or `_Frames` as they are.

        Raises:
            OSError: the connection is gone.
        """
        self._write(message if isinstance(message, _Frames) else self._reader.frame(message))

    def close(self) -> None:
        """End it. Ending it twice does nothing."""
        if self._connection is None:
            return
        with suppress(OSError):
            self._write(self._reader.farewell())
            self._connection.socket.shutdown(SHUT_RDWR)
        self._connection = None

    def _read(self) -> bool:
        """Read some of what came, at most `_PIECE` bytes; returns whether there is more to come."""
        connection = self._connection
        data: bytes = connection.rfile.read1(_PIECE) if connection is not None else b""
        if data:
            self._reader.receive_data(data)
        return bool(data)

    def _write(self, data: bytes) -> None:
        if self._connection is None:
            raise OSError("the WebSocket is closed")
        with self._writing:
            self._connection.socket.sendall(data)
