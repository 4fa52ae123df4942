"""HTTP routes for the names of a game's memory. `openapi` describes them.

The daemon keeps the names; this process hands through.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, request

from webui.api.responses import json_body, json_response
from webui.archive.folders import Archive
from webui.errors import QueryError
from webui.live.live_state import LiveState
from webui.live.naming import Naming
from webui.offload import offload

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
        if session not in state.sessions:
            offload(archive().must_exist, session)
        return json_response(naming.carry_out(command, {**arguments, "session": session}))

    @api.get("")
    def names(session: str) -> Response:
        return answer("names", session, _query())

    @api.post("")
    def name(session: str) -> Response:
        return answer("name", session, {"origin": "api", **json_body()})

    @api.delete("/<path:name>")
    def remove_name(session: str, name: str) -> Response:
        return answer("remove_name", session, {"origin": "api", "name": name, **_query("who")})

    @api.post("/import")
    def import_names(session: str) -> Response:
        return answer("import_names", session, {"origin": "api", **json_body()})

    @api.get("/export")
    def export_names(session: str) -> Response:
        return answer("export_names", session, _query("format"))

    return api


def _query(*known: str) -> dict[str, str]:
    """Read the parameters of the query.

    Raises:
        QueryError: there is one that the route does not know.
    """
    for name in request.args:
        if name not in known:
            raise QueryError(f"There is no parameter {name[:60]!r}.")
    return request.args.to_dict()
