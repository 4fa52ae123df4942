"""Whether bytes are a screenshot. Pure.

A PNG (RFC 2083) is a signature and chunks; a chunk is its length, its type, its data and the CRC-32 of type and data.
"""

import struct
from zlib import crc32

from protocol.framing import PNG_SIGNATURE

__all__ = ["MAX_SIDE", "screenshot_problem"]

MAX_SIDE = 2048
"""Longest side of a screenshot in pixels. A GBA has 240x160; more means that the emulator scales its pictures."""

_UNREADABLE = "the screenshot is not a readable PNG"
_CHUNK = struct.Struct(">I4s")
_CRC = struct.Struct(">I")
_HEADER = struct.Struct(">IIBBBBB")

_BIT_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""By colour type."""

_INDEXED = 3

_METHODS = ([0, 0, 0], [0, 0, 1])
"""Of compression and filtering there is one, of interlacing there are two."""


def screenshot_problem(png: bytes) -> str | None:
    """Say what is wrong with a screenshot, or None where nothing is.

    Checks the header, the size, the order of the chunks and every checksum, without unpacking the pixels.
    """
    if not png.startswith(PNG_SIGNATURE):
        return _UNREADABLE
    kinds: list[bytes] = []
    at = len(PNG_SIGNATURE)
    while not kinds or kinds[-1] != b"IEND":
        body = at + _CHUNK.size
        if len(png) < body:
            return _UNREADABLE
        length, kind = _CHUNK.unpack_from(png, at)
        end = body + length
        at = end + _CRC.size
        if len(png) < at or not kind.isalpha() or _CRC.unpack_from(png, end)[0] != crc32(png[body - len(kind) : end]):
            return _UNREADABLE
        kinds.append(kind)
    first, kind = _CHUNK.unpack_from(png, len(PNG_SIGNATURE))
    if (first, kind) != (_HEADER.size, b"IHDR") or b"IDAT" not in kinds:
        return _UNREADABLE
    width, height, depth, colour, *methods = _HEADER.unpack_from(png, len(PNG_SIGNATURE) + _CHUNK.size)
    if not (width and height) or depth not in _BIT_DEPTHS.get(colour, ()) or methods not in _METHODS:
        return _UNREADABLE
    if colour == _INDEXED and b"PLTE" not in kinds:
        return _UNREADABLE
    if max(width, height) > MAX_SIDE:
        return f"the screenshot is {width}x{height} pixels, more than {MAX_SIDE}"
    return None
