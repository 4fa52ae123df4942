"""What stands before every request: the Host it may name, how long it may be, what the browser shall forbid.

A page of some other site can point a name of its own at 127.0.0.1 and then talk to us as its "same origin". Its
requests still carry that name, so only addresses, `localhost` and this machine's own name are answered.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["MAX_BODY", "HostGuard", "harden", "is_own_host"]

MAX_BODY = 1 << 20
"""Longest request body in bytes."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def is_own_host(host: str, own_name: str) -> bool:
    """Whether a Host header names this machine: an IP address, `localhost` or the machine's own name.

    Args:
        host: the header, with or without a port.
        own_name: the machine's name; `.local` and other domains may follow it.
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return False
    if name == "localhost" or (own_name and name.split(".", 1)[0] == own_name.split(".", 1)[0].lower()):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class HostGuard:
    """WSGI middleware that refuses requests for somebody else's host.

    Args:
        app: what answers the others.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._own_name = socket.gethostname()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        if is_own_host(environ.get("HTTP_HOST", ""), self._own_name):
            return self._app(environ, start_response)
        start_response("421 Misdirected Request", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"This page is served under its machine's address or name, not under the one you used.\n"]


def harden(app: Flask) -> None:
    """Set the limits of requests and the headers of every answer."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY

    @app.after_request
    def forbid(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response
