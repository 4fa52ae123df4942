"""Parts of a PNG file (W3C, Portable Network Graphics, third edition). Pure."""

import struct
import zlib

from protocol.link.framing import PNG_SIGNATURE

__all__ = ["PALETTE", "RGB", "png_chunk", "png_file"]

RGB = 2
"""Colour type of three bytes a pixel."""

PALETTE = 3
"""Colour type of a place in a palette a pixel."""

_HEADER = struct.Struct(">IIBBBBB")


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """Write a chunk: length, kind, data and checksum."""
    return b"%b%b%b%b" % (len(data).to_bytes(4, "big"), kind, data, zlib.crc32(kind + data).to_bytes(4, "big"))


def png_file(width: int, height: int, colour_type: int, packed: bytes, *others: bytes) -> bytes:
    """Write a picture of eight bits a sample.

    Args:
        width: in pixels.
        height: in pixels.
        colour_type: such as `RGB`.
        packed: the rows behind a byte for their filter each, deflated.
        others: chunks that come before.
    """
    header = png_chunk(b"IHDR", _HEADER.pack(width, height, 8, colour_type, 0, 0, 0))
    return b"".join((PNG_SIGNATURE, header, *others, png_chunk(b"IDAT", packed), png_chunk(b"IEND", b"")))
