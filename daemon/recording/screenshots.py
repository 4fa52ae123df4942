"""Whether bytes are a screenshot. Pure; Pillow does the looking."""

import io

from PIL import Image

__all__ = ["MAX_SIDE", "screenshot_problem"]

MAX_SIDE = 2048
"""Longest side of a screenshot in pixels. A GBA has 240x160; more means that the emulator scales its pictures."""


def screenshot_problem(png: bytes) -> str | None:
    """Say what is wrong with a screenshot, or None where nothing is.

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
