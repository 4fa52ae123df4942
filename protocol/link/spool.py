"""Spool files of the script: `journal.bin` and `imported.bin`, see README.md. Pure.

The journal's records are what goes over the wire when the link is back. The emulator may die at any moment, so the last
record may be cut off; those before it are good.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from protocol.errors import MessageError
from protocol.link.codec import armour, decode
from protocol.link.messages import Event, Frame, Hello, Kind
from protocol.packing import pack, unpack
from protocol.version import LINK_VERSION, PACKAGE_VERSION

__all__ = [
    "IMPORTED",
    "JOURNAL",
    "LOG",
    "SNAPSHOTS",
    "SpoolOpening",
    "SpoolRecord",
    "SpoolTerms",
    "SpooledSet",
    "imported_bytes",
    "parse_imported",
    "read_records",
]

JOURNAL = "journal.bin"
IMPORTED = "imported.bin"

LOG = "event_log.csv"
SNAPSHOTS = "snapshots"
"""The original tool's names of its log and its folder of screenshots."""

_HEAD = struct.Struct("<BI")
_SET_HEAD = struct.Struct("<QQQBB")
_LENGTH = struct.Struct("<I")
_NUMBER = struct.Struct("<Q")
_WITH_SCREENSHOT, _UNDRAWN = 1, 2


class _Kind(IntEnum):
    OPENING = 0
    SESSION = 1
    SET = 2
    EVENT = 3


@dataclass(frozen=True, slots=True)
class SpoolOpening:
    """First record of a journal.

    Args:
        origin: the script's number of the set that log and snapshots call 0.
        greeting: a packed map of HELLO's fields about the game; empty in a journal of an older script.
    """

    origin: int
    greeting: bytes

    def hello(self, resume: str) -> Hello:
        """Make the greeting with which the sets are delivered.

        Raises:
            MessageError: it is none, or impossible.
        """
        fields = unpack(self.greeting)
        if not isinstance(fields, dict):
            raise MessageError("the journal of the spool has no greeting")
        greeting = {**fields, "protocol": LINK_VERSION, "script": PACKAGE_VERSION, "resume": resume}
        _, hello = decode(armour(pack([Kind.HELLO, 0, greeting])))
        assert isinstance(hello, Hello)  # noqa: S101 - what its kind decodes to
        return hello


@dataclass(frozen=True, slots=True)
class SpoolTerms:
    """Session that the sets belong to; empty texts where no daemon knows them.

    Args:
        origin: the script's number of the session's set 0.
    """

    session: str
    token: str
    origin: int


@dataclass(frozen=True, slots=True)
class SpooledSet:
    """A frame set that waits for its delivery.

    Args:
        number: as the script counts.
        last_time: time of its last frame, ms since the epoch.
        has_screenshot: whether the folder has its screenshot.
        bodies: its frames, each a FRAME without what stands before `position`, armoured.
    """

    number: int
    last_time: int
    interruption: str
    has_screenshot: bool
    is_undrawn: bool
    bodies: tuple[bytes, ...]

    def frames(self, number: int) -> Iterator[Frame]:
        """Read its frames, as those of the session's set `number`.

        Raises:
            MessageError: one of them is none.
        """
        head = _message_head(Kind.FRAME, 7) + armour(pack(number))
        for body in self.bodies:
            _, frame = decode(head + body)
            assert isinstance(frame, Frame)  # noqa: S101 - what its kind decodes to
            yield frame


SpoolRecord: TypeAlias = SpoolOpening | SpoolTerms | SpooledSet | Event


def read_records(read: Callable[[int], bytes]) -> Iterator[tuple[int, SpoolRecord]]:
    """Read a journal up to its last whole record.

    Args:
        read: reads so many bytes on, fewer at the end of the file.

    Yields:
        Where each record ends, in bytes from the journal's beginning, and the record.

    Raises:
        MessageError: a record is whole and not what it should be.
    """
    end = 0
    while len(head := read(_HEAD.size)) == _HEAD.size:
        kind, length = _HEAD.unpack(head)
        payload = read(length)
        if len(payload) < length:
            return
        end += _HEAD.size + length
        try:
            yield end, _READERS[_Kind(kind)](payload)
        except (struct.error, UnicodeDecodeError, ValueError) as error:
            raise MessageError(f"the journal of the spool is damaged before byte {end} ({error})") from None


def imported_bytes(journal_bytes: int, terms: SpoolTerms) -> bytes:
    """Write `imported.bin`: so much of the journal was imported, into this session."""
    session, token = (_text_bytes(text) for text in (terms.session, terms.token))
    payload = session + token + _NUMBER.pack(terms.origin)
    return _NUMBER.pack(journal_bytes) + _HEAD.pack(_Kind.SESSION, len(payload)) + payload


def parse_imported(data: bytes) -> tuple[int, SpoolTerms]:
    """Read `imported.bin`.

    Raises:
        MessageError: it is none.
    """
    try:
        (journal_bytes,) = _NUMBER.unpack_from(data)
        return journal_bytes, _terms(data[_NUMBER.size + _HEAD.size :])
    except (struct.error, UnicodeDecodeError) as error:
        raise MessageError(f"{IMPORTED} is damaged ({error})") from None


def _message_head(kind: Kind, fields: int) -> bytes:
    """Write the head of a message: an array of its fields, its kind, a sequence number."""
    return armour(bytes([0x90 + fields + 2]) + pack(kind.value) + pack(0))


def _text_bytes(text: str) -> bytes:
    data = text.encode()
    return _LENGTH.pack(len(data)) + data


def _bytes_at(payload: bytes, at: int) -> tuple[bytes, int]:
    (length,) = _LENGTH.unpack_from(payload, at)
    start = at + _LENGTH.size
    if start + length > len(payload):
        raise ValueError("a text is cut off")
    return payload[start : start + length], start + length


def _opening(payload: bytes) -> SpoolOpening:
    _, at = _bytes_at(payload, 0)
    (origin,) = _NUMBER.unpack_from(payload, at)
    at += _NUMBER.size
    greeting = _bytes_at(payload, at)[0] if at < len(payload) else b""
    return SpoolOpening(origin, greeting)


def _terms(payload: bytes) -> SpoolTerms:
    session, at = _bytes_at(payload, 0)
    token, at = _bytes_at(payload, at)
    (origin,) = _NUMBER.unpack_from(payload, at)
    return SpoolTerms(session.decode(), token.decode(), origin)


def _set(payload: bytes) -> SpooledSet:
    number, _, last_time, bits, length = _SET_HEAD.unpack_from(payload)
    at = _SET_HEAD.size + length
    interruption = payload[_SET_HEAD.size : at].decode()
    bodies = []
    while at < len(payload):
        body, at = _bytes_at(payload, at)
        bodies.append(body)
    has_screenshot, undrawn = bool(bits & _WITH_SCREENSHOT), bool(bits & _UNDRAWN)
    return SpooledSet(number, last_time, interruption, has_screenshot, undrawn, tuple(bodies))


def _event(payload: bytes) -> Event:
    _, event = decode(_message_head(Kind.EVENT, 4) + payload)
    assert isinstance(event, Event)  # noqa: S101 - what its kind decodes to
    return event


_READERS: dict[_Kind, Callable[[bytes], SpoolRecord]] = {
    _Kind.OPENING: _opening,
    _Kind.SESSION: _terms,
    _Kind.SET: _set,
    _Kind.EVENT: _event,
}
