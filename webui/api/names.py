"""HTTP routes for the names of a game's memory. `openapi` describes them.

The daemon keeps the names; this process hands through.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response

from webui.api.queries import parameters, require_session
from webui.api.responses import json_body, json_response
from webui.archive.folders import Archive
from webui.live.live_state import LiveState
from webui.live.naming import Naming

__all__ = ["create_names_api"]


def create_names_api(state: LiveState, archive: Callable[[], Archive], naming: Naming) -> Blueprint:
    """Make the routes under `/api/sessions/<session>/names`.

    Args:
        state: of the daemon, as last known.
        archive: gives the data folder's reader.
        naming: forwards commands about names.
    """
    api = Blueprint("names", __name__, url_prefix="/api/sessions/<session>/names")

    def answer(command: str, session: str, arguments: Mapping[str, Any]) -> Response:
        require_session(session, state, archive)
        return json_response(naming.carry_out(command, {**arguments, "session": session}))

    @api.get("")
    def names(session: str) -> Response:
        return answer("names", session, parameters())

    @api.post("")
    def name(session: str) -> Response:
        return answer("name", session, {"origin": "api", **json_body()})

    @api.delete("/<path:name>")
    def remove_name(session: str, name: str) -> Response:
        return answer("remove_name", session, {"origin": "api", "name": name, **parameters(["who"])})

    @api.post("/import")
    def import_names(session: str) -> Response:
        return answer("import_names", session, {"origin": "api", **json_body()})

    @api.get("/export")
    def export_names(session: str) -> Response:
        return answer("export_names", session, parameters(["format"]))

    return api
