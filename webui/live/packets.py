"""Messages to browsers as the WebSocket frames that carry them, made once for everybody. Pure.

A Socket.IO event is the text frame `42["name",{…}]`. One that holds bytes is `45<count>-["name",{…}]`, with a
placeholder for each of them, followed by a binary frame for each. What is told to one browser alone (the message's
running number, for one) is put in front of what everybody is told, so that the rest is encoded only once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

__all__ = ["Message", "Outgoing", "frames_of"]

_TEXT, _BINARY = 0x81, 0x82
"""First byte of a frame that is a whole message."""


@dataclass(frozen=True, eq=False)
class Message:
    """A Socket.IO event: its name and what it carries. It must not change once it was encoded."""

    event: str
    body: Mapping[str, Any]

    def check(self) -> None:
        """Encode it now, so that one that cannot be sent is in nobody's queue.

        Raises:
            TypeError: its body cannot be JSON with bytes beside it.
        """
        _ = self.encoded

    @cached_property
    def encoded(self) -> "_Encoded":
        """The part that is the same for every browser."""
        attachments: list[bytes] = []

        def attach(value: Any) -> dict[str, Any]:
            if not isinstance(value, bytes):
                raise TypeError(f"a message cannot hold a {type(value).__name__}")
            attachments.append(value)
            return {"_placeholder": True, "num": len(attachments) - 1}

        content = orjson.dumps(self.body, default=attach)
        kind = b"45%d-" % len(attachments) if attachments else b"42"
        return _Encoded(
            b"%b[%b,{" % (kind, orjson.dumps(self.event)),
            content[1:] + b"]",
            b"".join(_head(_BINARY, len(data)) + data for data in attachments),
        )


@dataclass(frozen=True, slots=True)
class _Encoded:
    """The text up to the first member of the body, its members, and the frames behind the text."""

    opening: bytes
    members: bytes
    attachments: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way to one browser: `own` is added to its body, and is not empty."""

    message: Message
    own: Mapping[str, int | None]

    @property
    def body(self) -> dict[str, Any]:
        """The body that this browser gets."""
        return {**self.own, **self.message.body}


def frames_of(messages: Iterable[Outgoing]) -> bytes:
    """Write messages as WebSocket frames of a server, one behind the other."""
    parts: list[bytes] = []
    for outgoing in messages:
        encoded = outgoing.message.encoded
        own = orjson.dumps(outgoing.own)[1:-1] + (b"," if outgoing.message.body else b"")
        length = len(encoded.opening) + len(own) + len(encoded.members)
        parts += (_head(_TEXT, length), encoded.opening, own, encoded.members, encoded.attachments)
    return b"".join(parts)


def _head(kind: int, length: int) -> bytes:
    """Write the head of an unmasked frame (RFC 6455, section 5.2)."""
    if length < 126:
        return bytes((kind, length))
    if length < 1 << 16:
        return bytes((kind, 126)) + length.to_bytes(2, "big")
    return bytes((kind, 127)) + length.to_bytes(8, "big")
