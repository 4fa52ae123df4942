"""One connection as the daemon sees it. Pure: bytes in, events out; values in, bytes out.

A connection is *silent* until HELLO comes, *greeted* until the daemon answers WELCOME or REFUSED, then *open* until the
script sends BYE; it is *leaving* while replies are still due, then *closed*. Where the daemon leaves first it is
*parted*: FAREWELL was sent, and what the emulator sends before it has read that is still received.

After `receive_data` you must handle the returned events in order; you should write `data_to_send()` to the socket
whenever you have called `send`. After an error, BYE or a farewell, send what `data_to_send` returns and reset the
connection.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from protocol.errors import GreetingError, MessageError, SequenceError
from protocol.link.codec import decode, encode
from protocol.link.framing import MAX_FIRST_PAYLOAD, MAX_PAYLOAD, PayloadReader, is_screenshot, prefix
from protocol.link.messages import Ack, Bye, Farewell, Hello, Keyframe, Message, Proof, Refused, Reply, SetEnd, Welcome
from protocol.link.messages import Event as LinkEvent
from protocol.link.messages import Frame as FrameMessage

__all__ = ["MAX_EVENT", "Link", "LinkState", "Received", "Screenshot"]

MAX_EVENT = 32_768
"""Longest EVENT in bytes: a thousand of each session may have to wait for a disk."""

_FROM_EMULATOR = (Hello, Keyframe, FrameMessage, SetEnd, Proof, LinkEvent, Bye)


class LinkState(Enum):
    """State of a connection."""

    SILENT = auto()
    GREETED = auto()
    OPEN = auto()
    LEAVING = auto()
    PARTED = auto()
    CLOSED = auto()


_HELLO_FIRST = "the first message must be HELLO, and only the first"

_NOT_READ = (LinkState.LEAVING, LinkState.CLOSED)
_OPEN = (LinkState.OPEN, LinkState.LEAVING)


@dataclass(frozen=True, slots=True)
class Screenshot:
    """A PNG as it came: its bytes are not yet known to be an image."""

    png: bytes


Received = Message | Screenshot
"""Message or screenshot that arrived on a connection."""


class Link:
    """The daemon's end of one connection.

    Attributes:
        state: of the connection.
    """

    def __init__(self) -> None:
        self.state = LinkState.SILENT
        self._reader = PayloadReader(MAX_FIRST_PAYLOAD)
        self._next_seq_in = 0
        self._next_seq_out = 0
        self._replies_due = 0
        self._outgoing = bytearray()

    def is_silent(self) -> bool:
        """Return whether HELLO has not come yet."""
        return self.state is LinkState.SILENT

    def has_parted(self) -> bool:
        """Return whether FAREWELL was sent and the emulator may not have read it yet."""
        return self.state is LinkState.PARTED

    def is_listening(self) -> bool:
        """Return whether anything more is read."""
        return self.state not in _NOT_READ

    def is_closed(self) -> bool:
        """Return whether nothing more is read or sent."""
        return self.state is LinkState.CLOSED

    def receive_data(self, data: bytes | memoryview) -> Iterator[Received]:
        """Take bytes from the socket and yield what they complete, in order.

        Raises:
            GreetingError: its HELLO is impossible; REFUSED is due.
            PeerError: the emulator broke the specification; the events yielded before are good.
        """
        if not self.is_listening():
            return
        self._reader.receive_data(data)
        while self.is_listening() and (payload := self._reader.next_payload()) is not None:
            event = self._screenshot(payload) if is_screenshot(payload) else self._message(payload)
            if event is not None:
                yield event

    def send(self, reply: Reply) -> None:
        """Queue a reply.

        Raises:
            SequenceError: no reply is due, or not this one; our own fault, never the emulator's.
        """
        if self.is_closed() or self.has_parted():
            raise SequenceError("a reply was sent on a connection that is closed")
        if not isinstance(reply, Farewell):
            self._replies_due -= 1
            fits = isinstance(reply, Ack) if self.state in _OPEN else isinstance(reply, Welcome | Refused)
            if self._replies_due < 0 or not fits:
                raise SequenceError(f"{type(reply).__name__} was sent where no such reply is due")
        self._outgoing += prefix(encode(reply, self._next_seq_out))
        self._next_seq_out += 1
        if isinstance(reply, Welcome):
            self.state = LinkState.OPEN
        elif isinstance(reply, Refused | Farewell) or (self.state is LinkState.LEAVING and not self._replies_due):
            self.state = LinkState.CLOSED

    def part(self, reason: str) -> None:
        """Queue FAREWELL, and go on to receive until the emulator has read it.

        Raises:
            SequenceError: the connection is not open.
        """
        if self.state is not LinkState.OPEN:
            raise SequenceError("only an open connection can be parted from")
        self.send(Farewell(reason))
        self.state = LinkState.PARTED

    def close(self) -> None:
        """Read and send nothing more."""
        self.state = LinkState.CLOSED

    def data_to_send(self) -> bytes:
        """Return and forget the bytes that the socket has to carry now."""
        data = bytes(self._outgoing)
        self._outgoing.clear()
        return data

    def _screenshot(self, payload: bytes) -> Screenshot | None:
        if self.is_silent():
            return None  # BizHawk may send one as soon as its socket is open.
        return Screenshot(payload)

    def _message(self, payload: bytes) -> Message | None:
        try:
            seq, message = decode(payload)
        except GreetingError:
            self._greet()
            raise
        if seq != self._next_seq_in:
            raise SequenceError(f"message {self._next_seq_in} is missing: message {seq} came in its place")
        self._next_seq_in += 1
        if message is None:
            return None
        if not isinstance(message, _FROM_EMULATOR):
            raise MessageError(f"{type(message).__name__} is not for the daemon to receive")
        if isinstance(message, LinkEvent) and len(payload) > MAX_EVENT:
            raise MessageError(f"an event has {len(payload)} bytes, the limit is {MAX_EVENT}")
        if isinstance(message, Hello):
            self._greet()
        elif self.is_silent():
            raise SequenceError(_HELLO_FIRST)
        elif isinstance(message, SetEnd):
            self._replies_due += 1
        elif isinstance(message, Bye):
            parted = self.has_parted() or not self._replies_due
            self.state = LinkState.CLOSED if parted else LinkState.LEAVING
        return message

    def _greet(self) -> None:
        if not self.is_silent():
            raise SequenceError(_HELLO_FIRST)
        self.state = LinkState.GREETED
        self._reader.limit = MAX_PAYLOAD
        self._replies_due += 1
