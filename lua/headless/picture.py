"""Conversion of pixels: from a libretro core's formats to RGB, and from RGB to PNG. Pure.

The GBA's colours have five bits per channel. Each channel becomes eight bits by repeating its upper three below, so
that 0 stays 0 and 31 becomes 255: what mGBA and BizHawk do when they draw in 32 bits. In RGB565 the sixth bit of green
is dropped first: the console has none, and mGBA leaves it 0. XRGB8888 already has eight bits per channel and is taken
as it is.
"""

import zlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

from protocol.png import RGB, png_file

__all__ = ["five_bits", "from_five_bits", "png_of", "rgb_from_core"]

_PIXEL_FORMATS = {0: "0RGB1555", 1: "XRGB8888", 2: "RGB565"}
"""`enum retro_pixel_format` of libretro.h."""

_LEVEL = 3
"""Of deflate."""

_EIGHT_BITS = np.array([value << 3 | value >> 2 for value in range(32)], dtype=np.uint8)


def rgb_from_core(data: bytes, width: int, height: int, pitch: int, pixel_format: int) -> NDArray[np.uint8]:
    """Convert a core's framebuffer.

    Args:
        data: `height` rows of `pitch` bytes, native little-endian pixels.
        width: pixels per row.
        height: rows.
        pitch: bytes from one row to the next, at least the bytes of `width` pixels.
        pixel_format: of `enum retro_pixel_format`.

    Returns:
        Shape (height, width, 3), RGB.

    Raises:
        ValueError: the pixel format is none of libretro's.
    """
    rows = np.frombuffer(data, dtype=np.uint8).reshape(height, pitch)
    match _PIXEL_FORMATS.get(pixel_format):
        case "XRGB8888":
            pixels = rows[:, : width * 4].reshape(height, width, 4)
            return np.ascontiguousarray(pixels[:, :, 2::-1])
        case "RGB565":
            words = np.ascontiguousarray(rows[:, : width * 2]).view("<u2")
            return _colours_at(11, 6, 0).take(words, axis=0)
        case "0RGB1555":
            words = np.ascontiguousarray(rows[:, : width * 2]).view("<u2")
            return _colours_at(10, 5, 0).take(words, axis=0)
        case _:
            raise ValueError(f"{pixel_format} is not a pixel format of libretro")


def five_bits(rgb: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Convert a picture to the console's own colours: 15 bits, five each, red in the lowest.

    Args:
        rgb: any shape (…, 3).

    Returns:
        The shape without its last axis; `from_five_bits` gives the picture back.

    Raises:
        ValueError: a colour is none that the console has.
    """
    red, green, blue = np.moveaxis((rgb >> 3).astype(np.uint16), -1, 0)
    colours: NDArray[np.uint16] = red | green << 5 | blue << 10
    if not np.array_equal(from_five_bits(colours), rgb):
        raise ValueError("a colour is none of the console's")
    return colours


def from_five_bits(colours: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Convert the console's own colours, any shape, to RGB, shape (…, 3)."""
    return _colours_at(0, 5, 10).take(colours, axis=0)


@cache
def _colours_at(red: int, green: int, blue: int) -> NDArray[np.uint8]:
    """Return the RGB of every 16-bit word, shape (65536, 3).

    To look a pixel up takes a third of the time of computing it.

    Args:
        red: lowest bit of the channel in a word.
        green: likewise.
        blue: likewise.
    """
    words = np.arange(1 << 16)
    return _EIGHT_BITS[np.stack((words >> red & 31, words >> green & 31, words >> blue & 31), axis=-1)]


def png_of(rgb: NDArray[np.uint8]) -> bytes:
    """Encode a picture, shape (height, width, 3), as a PNG.

    Rows are not filtered. What a console draws repeats itself, which deflate sees best in the bytes as they are: three
    times as fast as Pillow, which tries five filters on each row, and a fifth smaller.
    """
    height, width, _ = rgb.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    rows[:, 1:] = rgb.reshape(height, 3 * width)
    return png_file(width, height, RGB, zlib.compress(rows.tobytes(), _LEVEL))
