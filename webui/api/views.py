"""The HTTP side of the page: the page itself, its pictures and keys, and how errors are told. Programs use `api`."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import HTTPException

from protocol.console import GBA
from protocol.errors import GbatraceError, LayoutError
from protocol.session.layout import frame_set_id
from webui.api.page_keys import page_keys
from webui.api.responses import IMMUTABLE, json_response
from webui.archive.folders import Archive
from webui.errors import BusError, CommandError, MissingError, NotReadyError
from webui.live.live_state import LiveState
from webui.live.presenters import present_state
from webui.offload import offload

__all__ = ["create_views"]

_CONSOLE = {
    "name": GBA.name,
    "width": GBA.width,
    "height": GBA.height,
    "frames_per_second": GBA.frames_per_second,
}
"""The traced console, as `static/state/console.js` reads it."""

_STATUS: dict[type[GbatraceError], HTTPStatus] = {
    LayoutError: HTTPStatus.NOT_FOUND,
    MissingError: HTTPStatus.NOT_FOUND,
    NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
    BusError: HTTPStatus.SERVICE_UNAVAILABLE,
    CommandError: HTTPStatus.BAD_REQUEST,
}


def create_views(state: LiveState, archive: Callable[[], Archive], version: str) -> Blueprint:
    """Make the page's routes.

    Args:
        state: what the page server knows of the daemon.
        archive: gives the data folder's reader.
        version: of the package, shown on the page.
    """
    views = Blueprint("views", __name__)

    @views.get("/")
    @views.get("/pad")
    def page() -> str:
        return render_template("index.html", version=version, console=_CONSOLE)

    @views.get("/api/keys")
    def keys() -> Response:
        bindings, problems = offload(page_keys, Path(state.data_folder) if state.data_folder else None)
        return json_response({"keys": bindings, "problems": problems})

    @views.get("/api/state")
    def current_state() -> Response:
        return json_response(dict(present_state(state).body))

    @views.get("/sessions/<session>/<number>.png")
    def screenshot(session: str, number: str) -> Response:
        png = offload(archive().screenshot, session, frame_set_id(number))
        return Response(png, mimetype="image/png", headers={"Cache-Control": IMMUTABLE})

    @views.app_errorhandler(GbatraceError)
    def tell(error: GbatraceError) -> Response:
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
        return _problem(str(error), status)

    @views.app_errorhandler(OSError)
    def tell_unreadable(error: OSError) -> Response:
        name = Path(str(error.filename)).name if error.filename else "A file"
        reason = error.strerror or type(error).__name__
        return _problem(f"{name} cannot be read ({reason}): check its permissions.", HTTPStatus.NOT_FOUND)

    @views.app_errorhandler(HTTPException)
    def tell_http(error: HTTPException) -> Response:
        return _problem(error.description or "That did not work.", error.code or HTTPStatus.INTERNAL_SERVER_ERROR)

    return views


def _problem(message: str, status: int) -> Response:
    response = json_response({"error": message})
    response.status_code = status
    return response
