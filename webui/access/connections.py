"""Limits of the page's connections. Shell around gevent's server.

An idle connection costs its client nothing, so there may be thousands: beyond a limit the one whose last request is
longest past is closed first. A browser asks again by itself, over a new connection.
"""

import contextlib
import socket
from collections import OrderedDict
from http import HTTPStatus
from typing import Any

import gevent
from gevent.lock import BoundedSemaphore
from gevent.pywsgi import WSGIHandler, WSGIServer

from webui.access.guard import Guard, Refusal

__all__ = [
    "IS_GONE",
    "MAX_CONNECTIONS",
    "MAX_HEADERS",
    "MAX_WEBSOCKETS",
    "PATIENCE",
    "BoundedServer",
    "PageConnection",
    "WebSocketLine",
]

MAX_CONNECTIONS = 256
"""Connections kept that are not WebSockets."""

MAX_WEBSOCKETS = 128
"""WebSockets kept; one for each open page."""

MAX_HEADERS = 1 << 15
"""Longest headers of one request, all together, in bytes."""

PATIENCE = 60.0
"""Seconds that a connection may be silent or block a send; a WebSocket is pinged more often."""

IS_GONE = "gbatrace.is_gone"
"""Key of a request's environment: a function that says whether its browser has ended the connection."""

_TOO_MANY = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Too many pages are open: close one.")


class _Headers:
    """Reads lines up to a total of `MAX_HEADERS` bytes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = MAX_HEADERS

    def readline(self, limit: int) -> bytes:
        line: bytes = self._stream.readline(min(limit, self._left + 1))
        self._left -= len(line)
        if self._left < 0:
            raise ValueError(f"the headers are longer than {MAX_HEADERS} bytes")
        return line


class WebSocketLine:
    """Socket of a WebSocket that yields to others before each read and sends messages whole.

    gevent's own `recv` does not yield while data comes, and its `send` may send a part.
    """

    def __init__(self, line: Any) -> None:
        self._line = line
        self._sending = BoundedSemaphore(1)

    def recv(self, size: int) -> bytes:
        """Wait for at most `size` bytes; none where the connection has ended."""
        gevent.sleep(0)
        data: bytes = self._line.recv(size)
        return data

    def send(self, data: bytes) -> None:
        """Send all of it; the connection ends where that fails."""
        with self._sending:
            try:
                self._line.sendall(data)
            except OSError:
                self.close()  # A part may have been sent, and nothing can follow it.
                raise

    def close(self) -> None:
        """End the connection."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)


class PageConnection(WSGIHandler):
    """One connection of a browser: counted and timed."""

    rfile: Any
    server: Any
    environ: Any
    application: Any

    def handle(self) -> None:
        """Answer requests until the connection ends."""
        self.socket.settimeout(PATIENCE)
        # An answer goes out as head and body; Nagle's algorithm would hold the body back for 40 ms.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        kept = self.server.kept
        kept[self] = self.socket
        if len(kept) > MAX_CONNECTIONS:
            _, oldest = kept.popitem(last=False)
            with contextlib.suppress(OSError):
                oldest.shutdown(socket.SHUT_RDWR)
        try:
            super().handle()
        finally:
            kept.pop(self, None)
            self.server.websockets.discard(self)

    def read_request(self, raw_requestline: str) -> Any:
        """Read the headers, up to their limit."""
        if self in self.server.kept:
            self.server.kept.move_to_end(self)
        stream, self.rfile = self.rfile, _Headers(self.rfile)
        try:
            return super().read_request(raw_requestline)
        finally:
            self.rfile = stream

    def get_environ(self) -> dict[str, Any]:
        """Make a request's environment, with the socket where simple-websocket looks for it."""
        environ: dict[str, Any] = super().get_environ()
        environ["werkzeug.socket"] = WebSocketLine(self.socket)
        environ[IS_GONE] = self._is_gone
        return environ

    def _is_gone(self) -> bool:
        """Look, without waiting, whether the other side has ended the connection."""
        timeout = self.socket.gettimeout()
        try:
            self.socket.settimeout(0)
            return not self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.socket.settimeout(timeout)

    def run_application(self) -> None:
        """Answer the request; one for a WebSocket is the connection's last."""
        if self.environ["PATH_INFO"].startswith("/socket.io/") and not self.application.refusal(self.environ):
            self.close_connection = True
            if len(self.server.websockets) >= MAX_WEBSOCKETS:
                self.application = _TOO_MANY
            else:
                self.server.kept.pop(self, None)
                self.server.websockets.add(self)
        super().run_application()


class BoundedServer(WSGIServer):
    """WSGI server of gevent with the limits of this module.

    Args:
        listener: a listening socket.
        guard: decides who is answered.

    Attributes:
        kept: the connections that are not WebSockets, the one whose last request is longest past first.
        websockets: the connections that became one.
    """

    def __init__(self, listener: Any, guard: Guard) -> None:
        super().__init__(listener, guard, handler_class=PageConnection, log=None, error_log=None)
        self.kept: OrderedDict[PageConnection, socket.socket] = OrderedDict()
        self.websockets: set[PageConnection] = set()
