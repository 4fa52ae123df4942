"""Request admission: Host, Origin, session cookie; headers of every answer.

*Host.* A page of some other site can point a name of its own at 127.0.0.1 and then talk to us as its "same origin". Its
requests still carry that name, so only addresses, `localhost` and this machine's own name are answered.

*Origin.* A browser names the site that asks. A request that names an origin must name ours, and a browser that
wants to change something, or to open a WebSocket, must name it.

*Session cookie.* A client on another machine needs one, see `auth`, for everything but the login page.

All of it applies to WebSockets too: they are opened by the application behind this.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from time import time
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.http import parse_cookie

from webui.access.auth import COOKIE_LIFETIME, Auth

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = [
    "LOGIN",
    "MAX_BODY",
    "Guard",
    "Refusal",
    "harden",
    "is_own_host",
    "is_own_origin",
    "is_remote",
    "set_cookie",
]

MAX_BODY = 1 << 20
"""Longest request body in bytes."""

LOGIN = "/login"
"""Path of the login page."""

_COOKIE = "gbatrace"

_PUBLIC_PATHS = frozenset(
    {
        LOGIN,
        "/static/login/login.css",
        "/static/login/login.js",
        "/static/style/tokens.css",
        "/static/style/base.css",
        "/static/icon.svg",
    }
)
"""Files of the login page: the only paths that are answered without a session cookie."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")
"""Headers with which a proxy on this machine forwards somebody else's request."""

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.%]+\]|[^\[\]:@/\\?#,;\s]+)(?P<port>:[0-9]{1,5})?")
"""A Host header (RFC 9110, section 7.2)."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def is_own_host(host: str, own_name: str) -> bool:
    """Return whether a Host header names this machine.

    Its names are IP addresses, `localhost` and the machine's own name.

    Args:
        host: the header, with or without a port. Two headers, which come here joined by a comma, name nobody.
        own_name: the machine's name. No other domain may follow it but `.local`, which no name server outside of this
            network answers for (RFC 6762): anybody can own a name that only begins with this machine's.
    """
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found["name"].lower()
    if name == "localhost":
        return True
    if own_name:
        full = own_name.lower()
        short = full.partition(".")[0]
        if name in {full, short, f"{short}.local"}:
            return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def is_own_origin(origin: str, host: str) -> bool:
    """Return whether an Origin header names the host that was asked.

    Args:
        origin: the header.
        host: the Host header.
    """
    scheme, _, place = origin.lower().partition("://")
    return scheme in {"http", "https"} and place == host.lower()


def is_remote(environ: "WSGIEnvironment") -> bool:
    """Return whether a request comes from another machine, or through a proxy for one."""
    if any(header in environ for header in _FORWARDED):
        return True
    try:
        return not ipaddress.ip_address(environ.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Refusal of a request, as a WSGI application that answers with it.

    Args:
        status: of the answer.
        message: a sentence for a person.
        location: to which a browser is redirected, or empty.
    """

    status: HTTPStatus
    message: str
    location: str = ""

    def headers(self) -> list[tuple[str, str]]:
        """Return the headers of the answer."""
        own = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        return [*own, *_HEADERS.items(), *([("Location", self.location)] if self.location else [])]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request with it."""
        start_response(f"{self.status.value} {self.status.phrase}", self.headers())
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [f"{self.message}\n".encode()]


class Guard:
    """WSGI middleware that refuses requests which may not be answered.

    Args:
        app: answers the others.
        auth: checks session cookies.
    """

    def __init__(self, app: "WSGIApplication", auth: Auth) -> None:
        self._app = app
        self._auth = auth
        self._own_name = socket.gethostname()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        return (self.refusal(environ) or self._app)(environ, start_response)

    def refusal(self, environ: "WSGIEnvironment") -> Refusal | None:
        """Return the refusal of a request, or None."""
        host, origin = environ.get("HTTP_HOST", ""), environ.get("HTTP_ORIGIN")
        if not is_own_host(host, self._own_name):
            return Refusal(
                HTTPStatus.MISDIRECTED_REQUEST,
                "This page is served under its machine's address or name, not under the one you used.",
            )
        foreign = not is_own_origin(origin, host) if origin is not None else _must_name_its_origin(environ)
        if foreign:
            return Refusal(HTTPStatus.FORBIDDEN, "Only this page itself may ask that, no other site's.")
        if not is_remote(environ) or environ.get("PATH_INFO") in _PUBLIC_PATHS:
            return None
        if self._auth.is_valid_cookie(_cookie_of(environ), time()):
            return None
        if environ["REQUEST_METHOD"] == "GET" and "text/html" in environ.get("HTTP_ACCEPT", ""):
            return Refusal(HTTPStatus.SEE_OTHER, "Log in first.", LOGIN)
        return Refusal(HTTPStatus.UNAUTHORIZED, "Log in first.")


def set_cookie(response: Response, auth: Auth) -> None:
    """Add a new session cookie to an answer."""
    # Not `secure`: the page is served over plain HTTP, see SECURITY.md.
    response.set_cookie(
        _COOKIE, auth.create_cookie(time()), max_age=COOKIE_LIFETIME, path="/", httponly=True, samesite="Strict"
    )


def harden(app: Flask) -> None:
    """Set the limits of requests and the headers of every answer; turn off debug mode."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.debug = False  # FLASK_DEBUG in the environment turns it on.

    @app.after_request
    def forbid(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _cookie_of(environ: "WSGIEnvironment") -> str:
    """Return the session cookie of a request, or an empty text."""
    try:
        return parse_cookie(environ.get("HTTP_COOKIE", "")).get(_COOKIE, "")
    except UnicodeError:
        return ""


def _must_name_its_origin(environ: "WSGIEnvironment") -> bool:
    """Return whether a request lacks the Origin with which a browser of another site sends it."""
    changes = environ["REQUEST_METHOD"] not in _SAFE_METHODS or "websocket" in environ.get("HTTP_UPGRADE", "").lower()
    return changes and environ.get("HTTP_SEC_FETCH_SITE", "none") != "none"
