"""Messages of the bus: publications, requests and answers, to bytes and back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from protocol.errors import MessageError
from protocol.link.messages import MAX_INTEGER
from protocol.packing import pack, unpack

__all__ = [
    "MAX_REQUEST",
    "Answer",
    "Body",
    "PackedResult",
    "Publication",
    "Request",
    "Topic",
    "pack_answer",
    "pack_publication",
    "pack_request",
    "unpack_answer",
    "unpack_publication",
    "unpack_request",
]

MAX_REQUEST = 1 << 20
"""Longest request in bytes."""

Body = Mapping[str, Any]
"""The fields of a publication, or the arguments of a command."""


class Topic:
    """First parts of the topics; the session id follows after a slash, where no other is named."""

    SESSION = "session"
    SET = "set"
    EVENT = "event"
    LABELS = "labels"
    NAMES = "names"
    """Followed by the book's name instead of a session."""
    LABEL_SETS = "label_sets"
    """Followed by the label set's name instead of a session."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One message of the PUB socket. `n` is the publisher's running number over all topics."""

    topic: str
    session: str
    n: int
    body: Body


@dataclass(frozen=True, slots=True)
class Request:
    """A command to the daemon.

    Args:
        id: the client's own number; it comes back with the answer.
        command: its name.
        arguments: its arguments.
        secret: the secret of the bus, from the daemon's data folder; empty where the request has none.
    """

    id: int
    command: str
    arguments: Body
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PackedResult:
    """Result of a command that another process has packed already, handed through as it is."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request. `error` is None when it went well, else `(kind, message)`."""

    id: int
    result: Any = None
    error: tuple[str, str] | None = None


def pack_publication(publication: Publication) -> list[bytes]:
    """Write the two parts of a publication."""
    topic = f"{publication.topic}/{publication.session}".encode()
    return [topic, pack({"n": publication.n, **publication.body})]


def unpack_publication(parts: list[bytes]) -> Publication:
    """Read the two parts of a publication.

    Returns:
        The publication; its body is empty where it holds what JSON cannot: the number counts all the same.

    Raises:
        MessageError: it is none.
    """
    if len(parts) != 2:
        raise MessageError("a publication has two parts, a topic and a body")
    topic, _, session = parts[0].decode("utf-8", "replace").partition("/")
    body = _unpack_map(parts[1])
    number = body.pop("n", None)
    if type(number) is not int:
        raise MessageError("a publication has no number")
    return Publication(topic, session, number, body if _is_json(body) else {})


def pack_request(request: Request) -> bytes:
    """Write a request.

    Raises:
        MessageError: its arguments hold what cannot be written, or are too long.
    """
    body = {"id": request.id, "command": request.command, "arguments": request.arguments, "secret": request.secret}
    data = pack(body)
    if len(data) > MAX_REQUEST:
        raise MessageError(f"a request of {len(data)} bytes is longer than {MAX_REQUEST}")
    return data


def unpack_request(data: bytes) -> Request:
    """Read a request.

    Raises:
        MessageError: it is none.
    """
    if len(data) > MAX_REQUEST:
        raise MessageError(f"a request of {len(data)} bytes is longer than {MAX_REQUEST}")
    body = _unpack_map(data)
    match {"secret": "", **body}:
        case {"id": int(number), "command": str(command), "arguments": dict(arguments), "secret": str(secret)}:
            return Request(number, command, arguments, secret)
        case _:
            raise MessageError("a request has an id, a command and a map of arguments")


def pack_answer(answer: Answer) -> bytes:
    """Write an answer; its result may be a `PackedResult`."""
    if answer.error is None and isinstance(answer.result, PackedResult):
        return pack({"id": answer.id, "ok": True, "result": None})[: -len(_NIL)] + answer.result.data
    if answer.error is None:
        return pack({"id": answer.id, "ok": True, "result": answer.result})
    kind, message = answer.error
    return pack({"id": answer.id, "ok": False, "error": {"kind": kind, "message": message}})


def unpack_answer(data: bytes) -> Answer:
    """Read an answer.

    Raises:
        MessageError: it is none.
    """
    match _unpack_map(data):
        case {"id": int(number), "ok": True, "result": result}:
            return Answer(number, result)
        case {"id": int(number), "ok": False, "error": {"kind": str(kind), "message": str(message)}}:
            return Answer(number, error=(kind, message))
        case _:
            raise MessageError("an answer has an id and a result or an error")


_NIL = pack(None)


def _unpack_map(data: bytes) -> dict[str, Any]:
    body = unpack(data)
    if not isinstance(body, dict):
        raise MessageError("a bus message is not a map")
    return body


def _is_json(value: Any) -> bool:
    """Return whether JSON holds a value: no integer too large, no extension of MessagePack."""
    if isinstance(value, dict):
        return all(map(_is_json, value.values()))
    if isinstance(value, list):
        return all(map(_is_json, value))
    if isinstance(value, int):
        return abs(value) <= MAX_INTEGER
    return isinstance(value, str | bytes | float | None)
