"""Check of a screenshot's bytes, its size, and its pixels, by Pillow. Pure."""

import io
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from protocol.errors import DocumentError
from protocol.link.framing import PNG_SIGNATURE

__all__ = ["MAX_SIDE", "pixels", "screenshot_problem", "screenshot_size"]

MAX_SIDE = 2048
"""Longest side of a screenshot in pixels. A GBA has 240x160; more means that the emulator scales its pictures."""

_SIZE = struct.Struct(">II")
_SIZE_AT = 16
"""Place of width and height in a PNG's header (PNG specification, 11.2.2)."""


def pixels(png: bytes) -> NDArray[np.uint8]:
    """Decode a PNG.

    Returns:
        Shape (height, width, 3), red, green, blue.

    Raises:
        DocumentError: it cannot be decoded.
    """
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DocumentError(f"A screenshot cannot be decoded ({error}).") from None


def screenshot_size(png: bytes) -> tuple[int, int]:
    """Return width and height in pixels.

    Raises:
        DocumentError: it is not a PNG.
    """
    if not png.startswith(PNG_SIGNATURE) or png[12:16] != b"IHDR" or len(png) < _SIZE_AT + _SIZE.size:
        raise DocumentError("A screenshot is not a PNG.")
    width, height = _SIZE.unpack_from(png, _SIZE_AT)
    return width, height


def screenshot_problem(png: bytes) -> str | None:
    """Return what is wrong with a screenshot, or None.

    Checks the header, the size and every checksum of the file, without unpacking the pixels.
    """
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            if max(image.size) > MAX_SIDE:
                return f"the screenshot is {image.width}x{image.height} pixels, more than {MAX_SIDE}"
            image.verify()
    except Exception:  # of a damaged file Pillow raises whatever its parsers stumble over
        return "the screenshot is not a readable PNG"
    return None
