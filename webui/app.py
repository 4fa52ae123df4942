"""Page server: puts its parts together and runs them."""

import mimetypes
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import time

import gevent
import gevent.socket
from flask import Flask
from gevent.pywsgi import WSGIServer

from protocol.bus.page_secret import KEY_BYTES, PageSecret
from protocol.listening import listening_socket
from protocol.network_addresses import EVERYWHERE, LOOPBACK, url_host
from protocol.version import PACKAGE_VERSION
from webui.access.auth import Auth
from webui.access.auth_views import create_auth_views
from webui.access.connections import BoundedServer
from webui.access.guard import Guard, harden
from webui.api.memory import create_memory_api
from webui.api.names import create_names_api
from webui.api.original import create_original_api
from webui.api.responses import answer_errors
from webui.api.routes import create_api
from webui.api.suggestions import create_suggestions_api
from webui.api.views import create_views
from webui.archive.folders import Archive
from webui.archive.index import Index
from webui.archive.past_sessions import PastSessions
from webui.errors import NotReadyError
from webui.live.bus_client import BusClient
from webui.live.hub import BrowserHub
from webui.live.labelling import Labelling
from webui.live.live_state import LiveState, Resynchronised, Update
from webui.live.memory_questions import MemoryQuestions
from webui.live.naming import Naming
from webui.live.socket_server import create_socketio
from webui.offload import offload
from webui.settings import Settings

__all__ = ["PageServer"]

_INDEX_INTERVAL = 1.0
"""Seconds between two writes of the publications that wait for the index."""

_READY_PATIENCE = 2.0
"""Seconds after which the page is announced without a daemon; one that started it answers in a few tenths."""

_PAST_INTERVAL = 5.0
"""Seconds between two searches for sessions on disk that are not the daemon's."""


class PageServer:
    """The page server: create it, `listen`, then `serve` until `stop`.

    Args:
        settings: addresses and ports.
        secret: key and password of the login, and the bus's secret.
        invite: called with each new invitation, see `webui.access.auth`.
    """

    def __init__(
        self, settings: Settings, secret: PageSecret | None = None, invite: Callable[[str], None] = lambda _token: None
    ) -> None:
        self.settings = settings
        secret = secret or PageSecret(secrets.token_bytes(KEY_BYTES))
        self.auth = Auth(secret, lambda: secrets.token_urlsafe(16), invite)
        self.state = LiveState(round(time() * 1000))
        self.app = _flask_app()
        self.socketio = create_socketio(self.app)
        self._indexes: dict[str, Index] = {}
        self.hub = BrowserHub(
            self.socketio,
            self.state,
            self._archive,
            self._index,
            secrets.token_hex(4),
            PACKAGE_VERSION,
            self._prepare,
        )
        self.app.register_blueprint(create_views(self.state, self._archive, PACKAGE_VERSION))
        self.app.register_blueprint(create_auth_views(self.auth))
        harden(self.app)
        answer_errors(self.app)
        self._past: PastSessions | None = None
        self.bus = BusClient(settings.bus_pub, settings.bus_router, self.state, self._report, secret.bus)
        self.labelling = Labelling(self.bus.request, self._index)
        self.questions = MemoryQuestions(self.bus.request)
        self.naming = Naming(self.bus.request)
        for forwarder in (self.labelling, self.naming):
            forwarder.listen(self.socketio)
        self.app.register_blueprint(
            create_api(self.state, self._archive, self._opened, self.labelling, PACKAGE_VERSION)
        )
        self.app.register_blueprint(create_names_api(self.state, self._archive, self.naming))
        self.app.register_blueprint(create_memory_api(self.state, self._archive, self.questions))
        self.app.register_blueprint(create_suggestions_api(self.state, self._archive, self.questions, self.labelling))
        self.app.register_blueprint(create_original_api(self.state, self._archive, self._opened, self.labelling))
        self._server: WSGIServer | None = None

    def _prepare(self, session: str) -> None:
        self.questions.prepare(session)

    def listen(self) -> str:
        """Take the port; returns the page's address.

        Raises:
            PortInUseError: somebody else has it.
        """
        host, port = self.settings.host, self.settings.port
        listener = listening_socket(gevent.socket, "the live page", host, port, "--web-port", "--web-host")
        self._server = BoundedServer(listener, Guard(self.app, self.auth))
        self._server.start()
        shown = LOOPBACK if host == EVERYWHERE else host
        return f"http://{url_host(shown)}:{listener.getsockname()[1]}"

    def serve(self, ready: Callable[[], None] = lambda: None) -> None:
        """Follow the bus and answer browsers until `stop` is called. `listen` first.

        Args:
            ready: called once, when the daemon has answered, or has not within `_READY_PATIENCE`.
        """
        self.bus.start()
        tasks = (self._write_indexes, self._search_past, partial(self._announce, ready))
        loops = [gevent.spawn(task) for task in tasks]
        try:
            self.bus.join()
        finally:
            gevent.killall(loops)

    def stop(self) -> None:
        """End `serve`; what the indexes have noted is written."""
        self.bus.stop()
        if self._server is not None:
            self._server.stop(timeout=1)
        for index in self._indexes.values():
            index.close()

    def _announce(self, ready: Callable[[], None]) -> None:
        self.bus.in_step.wait(_READY_PATIENCE)
        ready()

    def _write_indexes(self) -> None:
        while True:
            gevent.sleep(_INDEX_INTERVAL)
            for index in list(self._indexes.values()):
                offload(index.write)

    def _report(self, update: Update) -> None:
        self.hub.report(update)
        if isinstance(update, Resynchronised):
            gevent.spawn(self._update_past)

    def _search_past(self) -> None:
        while True:
            gevent.sleep(_PAST_INTERVAL)
            self._update_past()

    def _update_past(self) -> None:
        folder = self.state.data_folder
        if not folder:
            return
        if self._past is None or self._past.data_folder != Path(folder):
            self._past = PastSessions(Path(folder))
        summaries = offload(self._past.read)
        if summaries is not None:
            for update in self.state.take_past(summaries):
                self.hub.report(update)

    def _index(self) -> Index:
        folder = self.state.data_folder
        if folder not in self._indexes:
            self._indexes[folder] = Index(self._archive().data_folder)
        return self._indexes[folder]

    def _opened(self, session: str) -> Index:
        index = self._index()
        offload(index.open_session, session)
        return index

    def _archive(self) -> Archive:
        if not self.state.data_folder:
            raise NotReadyError(
                "No daemon has answered yet, so the data folder is not known; start it with `gbatrace serve`."
            )
        return Archive(Path(self.state.data_folder))


def _flask_app() -> Flask:
    # Windows takes these from its registry, where other programs have been seen to make JavaScript plain text.
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("text/css", ".css")
    mimetypes.add_type("image/svg+xml", ".svg")
    return Flask("webui", static_folder="static", template_folder="templates")
