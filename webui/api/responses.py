"""JSON bodies of requests and answers, and errors as one sentence in `error`."""

from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from protocol.errors import AnalysisProcessError, BusyError, GbatraceError, LayoutError
from webui.errors import BusError, CommandError, MissingError, NotReadyError, QueryError

__all__ = ["IMMUTABLE", "answer_errors", "json_body", "json_response"]

IMMUTABLE = "private, max-age=31536000, immutable"
"""Cache-Control of a stored screenshot, which never changes."""

_STATUS: dict[type[GbatraceError], HTTPStatus] = {
    LayoutError: HTTPStatus.NOT_FOUND,
    MissingError: HTTPStatus.NOT_FOUND,
    NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
    BusError: HTTPStatus.SERVICE_UNAVAILABLE,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
}

_REFUSED: dict[str, HTTPStatus] = {
    BusyError.__name__: HTTPStatus.SERVICE_UNAVAILABLE,
    AnalysisProcessError.__name__: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Status of a command that the daemon refused, by its name of the error; others are the client's fault."""


def json_response(document: object, status: int = HTTPStatus.OK) -> Response:
    """Answer with JSON that is not cached."""
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(document), status, mimetype="application/json", headers=headers)


def json_body() -> dict[str, Any]:
    """Read the request's body, a JSON object, by a parser that deep nesting does not break.

    Raises:
        QueryError: it is not a JSON object.
    """
    with suppress(orjson.JSONDecodeError):
        if request.is_json and isinstance(body := orjson.loads(request.get_data()), dict):
            return body
    raise QueryError("The request's body must be a JSON object.")


def answer_errors(app: Flask) -> None:
    """Answer errors of every route with a sentence and the status of their kind."""

    @app.errorhandler(GbatraceError)
    def explain(error: GbatraceError) -> Response:
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
        return _problem(str(error), status)

    @app.errorhandler(CommandError)
    def explain_refusal(error: CommandError) -> Response:
        return _problem(str(error), _REFUSED.get(error.kind, HTTPStatus.BAD_REQUEST))

    @app.errorhandler(OSError)
    def explain_unreadable(error: OSError) -> Response:
        name = Path(str(error.filename)).name if error.filename else "A file"
        reason = error.strerror or type(error).__name__
        return _problem(f"{name} cannot be read ({reason}): check its permissions.", HTTPStatus.NOT_FOUND)

    @app.errorhandler(HTTPException)
    def explain_http(error: HTTPException) -> Response:
        return _problem(error.description or "That did not work.", error.code or HTTPStatus.INTERNAL_SERVER_ERROR)


def _problem(message: str, status: int) -> Response:
    return json_response({"error": message}, status)
