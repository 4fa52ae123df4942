"""Screenshots as PNG files and as pixels. Pure; Pillow does the decoding."""

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from daemon.export.errors import ExportError

__all__ = ["picture_size", "pixels", "unpacked"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">I4s")


def picture_size(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG.

    Raises:
        ExportError: it is not a PNG.
    """
    if not png.startswith(_SIGNATURE) or png[12:16] != b"IHDR" or len(png) < 24:
        raise ExportError("A screenshot is not a PNG.")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def pixels(png: bytes) -> NDArray[np.uint8]:
    """Decode a PNG.

    Returns:
        Shape (height, width, 3), red, green, blue.

    Raises:
        ExportError: it can not be decoded.
    """
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ExportError(f"A screenshot can not be decoded ({error}).") from None


def unpacked(png: bytes) -> bytes:
    """Write a PNG again with its pixels not compressed: still a PNG, the same pixels.

    Screenshots that follow each other are almost the same. A table that compresses many of them together then takes a fifth of
    the room, because it can see that, which it can not through each PNG's own compression.

    Returns:
        The larger PNG, or the same bytes where they are not laid out as a PNG should be.
    """
    parts = [_SIGNATURE]
    packed: list[bytes] = []
    place = len(_SIGNATURE)
    try:
        while place < len(png):
            length, kind = _HEADER.unpack_from(png, place)
            end = place + _HEADER.size + length + 4
            if kind == b"IDAT":
                packed.append(png[place + _HEADER.size : end - 4])
            else:
                if kind == b"IEND":
                    parts.append(_chunk(b"IDAT", zlib.compress(zlib.decompress(b"".join(packed)), 0)))
                parts.append(png[place:end])
            place = end
    except (struct.error, zlib.error):
        return png
    return b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return b"".join((_HEADER.pack(len(data), kind), data, struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))))
