"""Routes of the login page, the only ones that are answered without a session cookie."""

from http import HTTPStatus
from time import monotonic

import gevent
import orjson
from flask import Blueprint, Response, abort, render_template, request
from werkzeug.exceptions import RequestTimeout

from webui.access.auth import Auth, LoginResult
from webui.access.guard import LOGIN, set_cookie

__all__ = ["MAX_LOGIN", "create_auth_views"]

MAX_LOGIN = 4096
"""Longest body of a login in bytes."""

_PATIENCE = 10.0
"""Seconds for the body to arrive: a client without a session cookie is not waited for."""


def create_auth_views(auth: Auth) -> Blueprint:
    """Make the routes of the login page.

    Args:
        auth: checks passwords and invitations.
    """
    views = Blueprint("auth", __name__)

    @views.get(LOGIN)
    def login_page() -> Response:
        response = Response(render_template("login.html", has_password=auth.has_password))
        response.headers["Cache-Control"] = "no-store"
        return response

    @views.post(LOGIN)
    def login() -> Response:
        address = request.remote_addr or ""
        match _read_body():
            case {"invitation": str(token)}:
                result = auth.try_invitation(token, address, monotonic())
            case {"password": str(password)}:
                result = auth.try_password(password, address, monotonic())
            case _:
                abort(HTTPStatus.BAD_REQUEST, "A login is a password or an invitation.")
        return _answer(result, auth)

    return views


def _read_body() -> object:
    request.max_content_length = MAX_LOGIN
    with gevent.Timeout(_PATIENCE, RequestTimeout()):
        body = request.get_data()
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _answer(result: LoginResult, auth: Auth) -> Response:
    if result.admitted:
        response = Response(status=HTTPStatus.NO_CONTENT)
        set_cookie(response, auth)
        return response
    status = HTTPStatus.TOO_MANY_REQUESTS if result.wait else HTTPStatus.UNAUTHORIZED
    response = Response(orjson.dumps({"error": result.message}), status, mimetype="application/json")
    if result.wait:
        response.headers["Retry-After"] = str(result.wait)
    return response
