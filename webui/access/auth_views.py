"""The login page, and what it sends. The only part of the page that is answered without a pass."""

from http import HTTPStatus
from time import monotonic

import gevent
import orjson
from flask import Blueprint, Response, abort, render_template, request
from werkzeug.exceptions import RequestTimeout

from webui.access.auth import Gate, Verdict
from webui.access.guard import LOGIN, give_pass

__all__ = ["MAX_LOGIN", "create_auth_views"]

MAX_LOGIN = 4096
"""Longest body of a login in bytes."""

_PATIENCE = 10.0
"""Seconds for the body to arrive: somebody without a pass is not waited for."""


def create_auth_views(gate: Gate) -> Blueprint:
    """Make the routes of the login page.

    Args:
        gate: decides.
    """
    views = Blueprint("auth", __name__)

    @views.get(LOGIN)
    def login_page() -> Response:
        response = Response(render_template("login.html", has_password=gate.has_password))
        response.headers["Cache-Control"] = "no-store"
        return response

    @views.post(LOGIN)
    def login() -> Response:
        address = request.remote_addr or ""
        match _read_body():
            case {"invitation": str(token)}:
                verdict = gate.try_invitation(token, address, monotonic())
            case {"password": str(password)}:
                verdict = gate.try_password(password, address, monotonic())
            case _:
                abort(HTTPStatus.BAD_REQUEST, "A login is a password or an invitation.")
        return _answer(verdict, gate)

    return views


def _read_body() -> object:
    request.max_content_length = MAX_LOGIN
    with gevent.Timeout(_PATIENCE, RequestTimeout()):
        body = request.get_data()
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _answer(verdict: Verdict, gate: Gate) -> Response:
    if verdict.admitted:
        response = Response(status=HTTPStatus.NO_CONTENT)
        give_pass(response, gate)
        return response
    status = HTTPStatus.TOO_MANY_REQUESTS if verdict.wait else HTTPStatus.UNAUTHORIZED
    response = Response(orjson.dumps({"error": verdict.says}), status, mimetype="application/json")
    if verdict.wait:
        response.headers["Retry-After"] = str(verdict.wait)
    return response
