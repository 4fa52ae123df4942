"""Puts the page server together."""

import errno
import mimetypes
import secrets
import socket
import sys
from pathlib import Path
from time import time
from typing import Any

import gevent.socket
from flask import Flask
from flask_socketio import SocketIO
from gevent.pywsgi import WSGIServer

from protocol.errors import PortInUseError, SettingsError
from protocol.version import PACKAGE_VERSION
from webui.archive import Archive
from webui.bus_client import BusClient
from webui.errors import NotReadyError
from webui.events import Audience
from webui.guard import HostGuard, harden
from webui.live_state import LiveState
from webui.settings import Settings
from webui.views import create_views
from webui.websocket import MAX_WEBSOCKET_FRAME, BoundedWebSocketHandler

__all__ = ["PageServer"]

_PING = (10, 10)
"""Seconds between two pings of a browser, and how long it may take to answer."""

_EVERYWHERE = "0.0.0.0"  # noqa: S104 - only compared

_TAKEN = (errno.EADDRINUSE, errno.EACCES)
"""What a system says of a port that another program has; Windows says the second of an exclusive one."""


class PageServer:
    """The page server: create it, `listen`, then `serve` until `stop`.

    Args:
        settings: addresses and ports.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.state = LiveState(round(time() * 1000))
        self.app = _flask_app()
        self.socketio = SocketIO(
            self.app,
            async_mode="gevent",
            max_http_buffer_size=MAX_WEBSOCKET_FRAME,
            ping_interval=_PING[0],
            ping_timeout=_PING[1],
        )
        self.audience = Audience(self.socketio, self.state, self._archive, secrets.token_hex(4), PACKAGE_VERSION)
        self.app.register_blueprint(create_views(self.state, self._archive, PACKAGE_VERSION))
        harden(self.app)
        self.bus = BusClient(settings.bus_pub, settings.bus_router, self.state, self.audience.report)
        self._server: WSGIServer | None = None

    def listen(self) -> str:
        """Take the port; returns the page's address.

        Raises:
            PortInUseError: somebody else has it.
        """
        listener = _listener(self.settings.host, self.settings.port)
        self._server = WSGIServer(
            listener,
            HostGuard(self.app),
            handler_class=BoundedWebSocketHandler,
            log=None,
        )
        self._server.start()
        host = "127.0.0.1" if self.settings.host == _EVERYWHERE else self.settings.host
        return f"http://{host}:{listener.getsockname()[1]}"

    def serve(self) -> None:
        """Follow the bus and answer browsers until `stop` is called. `listen` first."""
        self.bus.start()
        self.bus.join()

    def stop(self) -> None:
        """End `serve`."""
        self.bus.stop()
        if self._server is not None:
            self._server.stop(timeout=1)

    def _archive(self) -> Archive:
        if not self.state.data_folder:
            raise NotReadyError("The daemon has not yet said where its sessions are; start it with `gbatrace serve`.")
        return Archive(Path(self.state.data_folder))


def _flask_app() -> Flask:
    # Windows takes these from its registry, where other programs have been seen to make JavaScript plain text.
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("text/css", ".css")
    mimetypes.add_type("image/svg+xml", ".svg")
    return Flask("webui", static_folder="static", template_folder="templates")


def _listener(host: str, port: int) -> Any:
    listener = gevent.socket.socket()
    # Windows shares a port that is in use unless told not to; elsewhere the option only frees a port in TIME_WAIT.
    if sys.platform == "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(64)
    except OSError as error:
        listener.close()
        if error.errno in _TAKEN:
            raise PortInUseError("the live page", host, port, "--web-port") from None
        raise SettingsError(
            f"This machine can not listen on {host}: {error.strerror}. Choose another --web-host."
        ) from None
    return listener
