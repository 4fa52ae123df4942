"""Framing of payloads in a byte stream: `"<n> <payload>"`. Pure.

Any split of the stream gives the same payloads. `PayloadReader.receive_data` takes bytes, `next_payload` returns
one payload, None if it needs more bytes, or raises.
"""

from protocol.errors import FramingError

__all__ = ["MAX_FIRST_PAYLOAD", "MAX_PAYLOAD", "PNG_SIGNATURE", "PayloadReader", "is_screenshot", "prefix"]

MAX_PAYLOAD = 4_194_304
"""Longest payload in bytes: ten times an armoured keyframe of both work RAMs, thirty times a PNG of 240x160."""

MAX_FIRST_PAYLOAD = 262_144
"""Longest payload before HELLO and HELLO itself: a stray PNG of 240x160, however noisy, still fits."""

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_MAX_DIGITS = 7


def prefix(payload: bytes) -> bytes:
    """Put a payload's length before it, as it crosses the socket.

    Raises:
        FramingError: the payload is empty or longer than `MAX_PAYLOAD`.
    """
    if not 0 < len(payload) <= MAX_PAYLOAD:
        raise FramingError(f"a payload of {len(payload)} bytes cannot be sent")
    return b"%d %b" % (len(payload), payload)


def is_screenshot(payload: bytes) -> bool:
    """Return whether a payload is a screenshot, not a message."""
    return payload.startswith(PNG_SIGNATURE)


class PayloadReader:
    """Splitter of a byte stream into payloads.

    It keeps at most one payload and what arrived behind it. After `receive_data` you must call `next_payload` until it
    returns None.

    Attributes:
        limit: the longest payload that may be announced, in bytes.
    """

    def __init__(self, limit: int = MAX_PAYLOAD) -> None:
        self.limit = limit
        self._buffer = bytearray()
        self._start = 0
        self._length: int | None = None

    def receive_data(self, data: bytes | memoryview) -> None:
        """Take bytes from the socket."""
        if self._start:
            del self._buffer[: self._start]
            self._start = 0
        self._buffer += data

    def next_payload(self) -> bytes | None:
        """Return the next payload, or None when more bytes are needed.

        Raises:
            FramingError: the stream is not what the specification says; nothing more can be read from it.
        """
        if self._length is None:
            self._length = self._read_prefix()
            if self._length is None:
                return None
        end = self._start + self._length
        if len(self._buffer) < end:
            return None
        payload = bytes(memoryview(self._buffer)[self._start : end])
        self._start, self._length = end, None
        return payload

    def _read_prefix(self) -> int | None:
        longest = self._start + _MAX_DIGITS
        space = self._buffer.find(b" ", self._start, longest + 1)
        digits = self._buffer[self._start : longest + 1 if space < 0 else space]
        if space < 0 and not digits:
            return None
        if len(digits) > _MAX_DIGITS or not digits.isdigit() or digits.startswith(b"0"):
            raise FramingError("this is not gbatrace's link: a payload does not start with its length")
        if space < 0:
            return None
        length = int(digits)
        if length > self.limit:
            raise FramingError(f"a payload of {length} bytes was announced, the limit is {self.limit}")
        self._start = space + 1
        return length
