"""HTTP routes for suggested labels, ends and agreement of labels. `openapi` describes them.

The daemon's analysis process finds them, and the daemon writes what is taken; this process hands through.
"""

from collections.abc import Callable

from flask import Blueprint, Response

from webui.api.queries import browser_is_gone, parameters, require_session
from webui.api.responses import json_body, json_response
from webui.archive.folders import Archive
from webui.live.labelling import Labelling
from webui.live.live_state import LiveState
from webui.live.memory_questions import MemoryQuestions

__all__ = ["create_suggestions_api"]


def create_suggestions_api(
    state: LiveState, archive: Callable[[], Archive], questions: MemoryQuestions, labelling: Labelling
) -> Blueprint:
    """Make the routes about suggested labels under `/api/sessions/<session>/`.

    Args:
        state: of the daemon, as last known.
        archive: gives the data folder's reader.
        questions: forwards questions to the daemon.
        labelling: forwards label commands.
    """
    api = Blueprint("suggestions", __name__, url_prefix="/api/sessions/<session>")

    @api.get("/suggestions")
    def suggestions(session: str) -> Response:
        arguments = parameters(texts=("field",))
        require_session(session, state, archive)
        return json_response(questions.answer("suggestions", session, arguments, browser_is_gone()))

    @api.get("/agreement")
    def agreement(session: str) -> Response:
        arguments = parameters(texts=("first", "second", "other"))
        require_session(session, state, archive)
        return json_response(questions.answer("agreement", session, arguments, browser_is_gone()))

    @api.post("/suggestions/take")
    def take_suggestions(session: str) -> Response:
        return carry_out("take_suggestions", session)

    @api.post("/snap")
    def snap(session: str) -> Response:
        return carry_out("snap", session)

    def carry_out(command: str, session: str) -> Response:
        require_session(session, state, archive)
        return json_response(labelling.carry_out(command, {"origin": "api", **json_body(), "session": session}))

    return api
