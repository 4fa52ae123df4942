"""Messages of a browser on its WebSocket: bytes in, whole messages out, and what has to be answered. Pure.

The frames of RFC 6455 are `wsproto`'s. No message is longer than a limit, in however many fragments it comes.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError, generate_accept_token

__all__ = ["Ended", "MessageReader", "Reply", "accept", "is_upgrade"]


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes that must be sent before more is read."""

    data: bytes


class Ended(Exception):  # noqa: N818 - the end of a connection is not an error of ours
    """The connection is over; `farewell` must be sent before it is closed."""

    def __init__(self, farewell: bytes) -> None:
        self.farewell = farewell
        super().__init__(farewell)


class MessageReader:
    """Reads the messages of one connection.

    Args:
        limit: longest message in bytes.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._connection = Connection(ConnectionType.SERVER)
        self._parts: list[str | bytes] = []
        self._length = 0

    def receive_data(self, data: bytes) -> None:
        """Take what came; at most a few thousand bytes, so that reading them takes a moment only.

        Raises:
            Ended: the connection is over.
        """
        try:
            self._connection.receive_data(data)
        except LocalProtocolError:
            raise Ended(b"") from None

    def messages(self) -> Iterator[str | bytes | Reply]:
        """Yield what is complete, one at a time: it may be left and called again.

        Raises:
            Ended: the browser closed the connection, broke its protocol, or sends too long a message.
        """
        for event in self._connection.events():
            match event:
                case TextMessage() | BytesMessage():
                    message = self._take(event)
                    if message is not None:
                        yield message
                case Ping():
                    yield Reply(self._sent(event.response()))
                case CloseConnection():
                    raise Ended(self._sent(event.response()))

    def farewell(self, reason: CloseReason = CloseReason.NORMAL_CLOSURE) -> bytes:
        """Return the bytes that close the connection; none where that was done."""
        return self._sent(CloseConnection(reason))

    def frame(self, message: str | bytes) -> bytes:
        """Return the bytes of a message to the browser; none where the connection is over."""
        return self._sent(TextMessage(data=message) if isinstance(message, str) else BytesMessage(data=message))

    def _sent(self, event: Event) -> bytes:
        try:
            return self._connection.send(event)
        except LocalProtocolError:
            return b""

    def _take(self, event: TextMessage | BytesMessage) -> str | bytes | None:
        data = bytes(event.data) if isinstance(event, BytesMessage) else event.data
        if data:
            self._length += len(data) if isinstance(data, bytes) or data.isascii() else len(data.encode())
            self._parts.append(data)
        if self._length > self._limit:
            self._parts.clear()
            raise Ended(self.farewell(CloseReason.MESSAGE_TOO_BIG))
        if not event.message_finished:
            return None
        parts, self._parts, self._length = self._parts, [], 0
        if isinstance(event, TextMessage):
            return "".join(part for part in parts if isinstance(part, str))
        return b"".join(part for part in parts if isinstance(part, bytes))


def is_upgrade(environ: Mapping[str, object]) -> bool:
    """Say whether a request asks for a WebSocket."""
    return "websocket" in str(environ.get("HTTP_UPGRADE", "")).lower()


def accept(environ: Mapping[str, object]) -> bytes | None:
    """Answer the opening handshake (RFC 6455, section 4.2).

    Returns:
        The head of the answer; None where the request is no handshake that we know.
    """
    key = str(environ.get("HTTP_SEC_WEBSOCKET_KEY", ""))
    try:
        is_key = len(base64.b64decode(key, validate=True)) == 16
    except (ValueError, binascii.Error):
        is_key = False
    if not (
        is_key
        and is_upgrade(environ)
        and environ.get("REQUEST_METHOD") == "GET"
        and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        and "upgrade" in str(environ.get("HTTP_CONNECTION", "")).lower()
    ):
        return None
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %b\r\n\r\n" % generate_accept_token(key.encode())
    )
