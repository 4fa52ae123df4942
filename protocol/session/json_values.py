"""Checked values out of the JSON files of a session. Pure."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from protocol.errors import DocumentError

__all__ = ["entries", "json_object", "reading", "text", "text_or_none", "texts", "whole_number", "whole_number_or_none"]


def json_object(data: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        DocumentError: it is none.
    """
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise DocumentError(f"it is not JSON: {error.msg} in line {error.lineno}") from None
    if not isinstance(document, dict):
        raise DocumentError("it is not a JSON object")
    return document


@contextmanager
def reading() -> Iterator[None]:
    """Turn what goes wrong while values are taken out of a document into a sentence about it.

    Raises:
        DocumentError: a key is missing, or a value is of another kind.
    """
    try:
        yield
    except KeyError as error:
        raise DocumentError(f"the key `{error.args[0]}` is missing") from None
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DocumentError(f"a value is not what it should be ({error})") from None


def whole_number(value: object) -> int:
    """Return a whole number from 0.

    Raises:
        TypeError: it is none.
    """
    if type(value) is not int or value < 0:
        raise TypeError(f"{str(value)[:60]!r} is not a whole number")
    return value


def whole_number_or_none(value: object) -> int | None:
    """Return a whole number from 0, or None.

    Raises:
        TypeError: it is neither.
    """
    return None if value is None else whole_number(value)


def text(value: object) -> str:
    """Return a text; empty for None.

    Raises:
        TypeError: it is neither.
    """
    return text_or_none(value) or ""


def text_or_none(value: object) -> str | None:
    """Return a text, or None.

    Raises:
        TypeError: it is neither.
    """
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{str(value)[:60]!r} is not a text")
    return value


def texts(value: object) -> tuple[str, ...]:
    """Return a list of texts.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError(f"{str(value)[:60]!r} is not a list of texts")
    return tuple(value)


def entries(value: object) -> Mapping[str, Any]:
    """Return an object's entries; none for None.

    Raises:
        TypeError: it is neither.
    """
    if value is not None and not isinstance(value, dict):
        raise TypeError(f"{str(value)[:60]!r} is not a map")
    return value or {}
