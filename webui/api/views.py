"""Routes of the page itself: its document, state, keys and screenshots."""

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, render_template

from protocol.console import GBA
from protocol.session.layout import frame_set_id
from webui.api.page_keys import page_keys
from webui.api.responses import IMMUTABLE, json_response
from webui.archive.folders import Archive
from webui.live.live_state import LiveState
from webui.live.presenters import present_state
from webui.offload import offload

__all__ = ["create_views"]

_CONSOLE = {
    "name": GBA.name,
    "width": GBA.width,
    "height": GBA.height,
    "frames_per_second": GBA.frames_per_second,
    "buttons": GBA.buttons,
}
"""The traced console, as `static/state/console.js` reads it."""


def create_views(state: LiveState, archive: Callable[[], Archive], version: str) -> Blueprint:
    """Make the page's routes.

    Args:
        state: of the daemon, as last known.
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

    return views
