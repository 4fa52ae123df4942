"""Answers of the HTTP side that several files make."""

import orjson
from flask import Response

__all__ = ["IMMUTABLE", "json_response"]

IMMUTABLE = "private, max-age=31536000, immutable"
"""A stored picture never changes."""


def json_response(document: object) -> Response:
    """Answer with JSON, which is not to be kept."""
    return Response(orjson.dumps(document), mimetype="application/json", headers={"Cache-Control": "no-store"})
