"""Any input of the link, taken as by the daemon: link, session, and the session's effects.

An input is any bytes. Its first byte tells how the rest is read and how it is split on its way:

* even: the rest is the stream as it stands;
* odd: the rest is payloads, each behind its length (16 bits, little-endian), which are framed here. Messages are
  numbered and armoured here as well, so that what is tried is the meaning and not the framing.

`PeerError` is the only error that anything may raise.
"""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

import msgpack

from daemon.recording.effects import (
    Disconnected,
    Effect,
    End,
    Greeted,
    Input,
    Labelled,
    Latched,
    Notify,
    Publish,
    Reported,
    Send,
)
from daemon.recording.session import Session
from daemon.recording.session_state import SessionIdentity
from daemon.recording.sessions import refusal
from daemon.writer.jobs import WriteSet, job_bytes
from protocol.bus.messages import Publication, pack_publication
from protocol.errors import PeerError
from protocol.link.codec import armour
from protocol.link.connection import Link, Received
from protocol.link.framing import MAX_PAYLOAD, is_screenshot, prefix
from protocol.link.messages import Bye, Farewell, Hello, Refused
from protocol.session.metadata import metadata_json

__all__ = ["Counts", "as_input", "converse"]

_IDENTITY = SessionIdentity("fuzzed", "c0ffee", 1_753_996_829_000, "Fuzzed", "", is_custom_name=False)
_NOW = 1_753_996_829_000
_MOST_PIECES = 8


@dataclass(slots=True)
class Counts:
    """Counts of messages, frame sets and rejected inputs.

    Attributes:
        most_kept: the most that a link has kept, in bytes.
    """

    messages: int = 0
    frame_sets: int = 0
    rejected: int = 0
    most_kept: int = field(default=0, compare=False)


def as_input(payloads: Iterable[bytes], split: int = 0) -> bytes:
    """Write an input of the odd kind from unarmoured payloads."""
    return bytes([split << 1 & 0xFE | 1]) + b"".join(len(p).to_bytes(2, "little") + p for p in payloads)


def converse(data: bytes, counts: Counts) -> None:
    """Let the daemon's end of a connection take an input, to its end or to the error that ends it."""
    if not data:
        return
    stream = _framed(data[1:]) if data[0] & 1 else data[1:]
    end = _End(counts)
    with contextlib.suppress(PeerError):
        for piece in _pieces(stream, data[0] >> 1):
            end.receive_data(piece)
            end.must_be_within_bounds(len(piece))
        end.leave()
        return
    counts.rejected += 1
    end.leave()


def _framed(data: bytes) -> bytes:
    stream = bytearray()
    seq = 0
    while len(data) >= 2:
        length = int.from_bytes(data[:2], "little")
        payload, data = data[2 : 2 + length], data[2 + length :]
        if not payload:
            continue
        if not is_screenshot(payload):
            payload, seq = armour(_numbered(payload, seq)), seq + 1
        stream += prefix(payload)
    return bytes(stream)


def _numbered(payload: bytes, seq: int) -> bytes:
    try:
        message = msgpack.unpackb(payload, strict_map_key=False)
        if isinstance(message, list) and len(message) > 1:
            message[1] = seq
            return bytes(msgpack.packb(message))
    except (ValueError, TypeError, OverflowError, msgpack.UnpackException, RecursionError):
        pass
    return payload


def _pieces(stream: bytes, seed: int) -> Iterator[bytes]:
    random = Random(seed)
    cuts = sorted(random.randrange(len(stream) + 1) for _ in range(seed % _MOST_PIECES))
    for first, last in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        yield stream[first:last]


class _End:
    """The daemon's end of one connection, without sockets and disk."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._link = Link()
        self._session: Session | None = None

    def receive_data(self, data: bytes) -> None:
        for event in self._link.receive_data(data):
            self._counts.messages += 1
            self._handle(event)

    def must_be_within_bounds(self, piece: int) -> None:
        """A link keeps one payload, and what came behind it in the same read."""
        kept = len(self._link._reader._buffer)
        self._counts.most_kept = max(self._counts.most_kept, kept)
        assert kept <= MAX_PAYLOAD + 8 + piece, f"the link keeps {kept} bytes"

    def leave(self) -> None:
        """The connection has ended."""
        if self._session is not None:
            self._feed(Disconnected("the fuzzer left"))
            self._feed(End("the fuzzer left"))
            metadata_json(self._session.metadata())

    def _handle(self, event: Received) -> None:
        if isinstance(event, Hello):
            reason = refusal(event)
            if reason is not None:
                self._link.send(Refused(reason))
                return
            self._session = Session(_IDENTITY, event)
            self._feed(Greeted())
        elif self._session is not None:
            self._feed(event)
        assert self._session is not None or not isinstance(event, Bye)

    def _feed(self, event: Input) -> None:
        assert self._session is not None
        for effect in self._session.receive(event, _NOW):
            self._perform(effect)

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Publish(topic, body):
                pack_publication(Publication(topic, "fuzzed", 0, body))
            case Send(reply):
                if not self._link.is_closed() and not isinstance(reply, Farewell):
                    self._link.send(reply)
                    self._link.data_to_send()
            case Notify() | Latched() | Labelled():
                pass
            case _:
                job_bytes(effect)
                self._counts.frame_sets += isinstance(effect, WriteSet)
                self._feed(Reported(effect))
