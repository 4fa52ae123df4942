"""HTTP routes for recorded memory: images, values, changes, searches, finding, probes.

`openapi` describes them.

The daemon's analysis process answers; this process hands through.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response

from webui.api.queries import browser_is_gone, parameters, require_session
from webui.api.responses import json_body, json_response
from webui.archive.folders import Archive
from webui.live.live_state import LiveState
from webui.live.memory_questions import MemoryQuestions
from webui.offload import offload

__all__ = ["create_memory_api"]


def create_memory_api(state: LiveState, archive: Callable[[], Archive], questions: MemoryQuestions) -> Blueprint:
    """Make the routes under `/api/sessions/<session>/memory/`.

    Args:
        state: of the daemon, as last known.
        archive: gives the data folder's reader.
        questions: forwards questions to the daemon.
    """
    api = Blueprint("memory", __name__, url_prefix="/api/sessions/<session>/memory")

    def answer(command: str, session: str, arguments: Mapping[str, Any]) -> Any:
        require_session(session, state, archive)
        return questions.answer(command, session, arguments, browser_is_gone())

    @api.get("/image")
    def image(session: str) -> Response:
        memory = answer("memory", session, parameters(texts=("at",)))
        body = memory["image"] + memory["known"] + memory["ages"]
        headers = {"Cache-Control": "no-store", "Frame-Set": str(memory["number"])}
        return Response(body, mimetype="application/octet-stream", headers=headers)

    @api.get("/values")
    def values(session: str) -> Response:
        return json_response(
            answer("values", session, parameters(texts=("address", "type", "first", "last"), numbers=("most",)))
        )

    @api.get("/changes")
    def changes(session: str) -> Response:
        found = answer("changes_of", session, parameters(texts=("address", "type"), numbers=("cursor", "limit")))
        numbers = {row["frame_set_id"] for row in found["rows"]}
        counters = offload(archive().program_counters, session, numbers) if numbers else {}
        rows = [{**row, "pc": counters.get(row["frame_set_id"])} for row in found["rows"]]
        return json_response({**found, "rows": rows})

    @api.get("/held")
    def held(session: str) -> Response:
        return json_response(answer("held", session, parameters(texts=("button",))))

    @api.post("/search")
    def search(session: str) -> Response:
        return json_response(answer("search", session, json_body()))

    @api.get("/searches")
    def searches(session: str) -> Response:
        return json_response(answer("searches", session, parameters()))

    @api.post("/searches")
    def save_search(session: str) -> Response:
        return json_response(answer("save_search", session, json_body()))

    @api.delete("/searches/<path:name>")
    def remove_search(session: str, name: str) -> Response:
        return json_response(answer("remove_search", session, {**parameters(), "name": name}))

    @api.post("/find")
    def find(session: str) -> Response:
        return json_response(answer("find", session, json_body()))

    @api.get("/probe")
    def can_probe(session: str) -> Response:
        return json_response(answer("can_probe", session, parameters()))

    @api.post("/probe")
    def probe(session: str) -> Response:
        return json_response(answer("probe", session, json_body()))

    @api.get("/queries")
    def queries(session: str) -> Response:
        return json_response(answer("queries", session, parameters()))

    @api.post("/queries")
    def save_query(session: str) -> Response:
        return json_response(answer("save_query", session, json_body()))

    @api.delete("/queries/<path:name>")
    def remove_query(session: str, name: str) -> Response:
        return json_response(answer("remove_query", session, {**parameters(), "name": name}))

    return api
