"""PNG files as Pillow reads them."""

import io
import zlib

import numpy as np
from PIL import Image

from protocol.png import PALETTE, RGB, png_chunk, png_file


def opened(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        return image


def test_pixels_are_three_bytes_behind_a_filter() -> None:
    image = opened(png_file(2, 1, RGB, zlib.compress(bytes([0, 1, 2, 3, 250, 251, 252]))))
    assert (image.mode, image.size) == ("RGB", (2, 1))
    assert np.asarray(image).tolist() == [[[1, 2, 3], [250, 251, 252]]]


def test_a_palette_stands_before_the_pixels() -> None:
    palette = png_chunk(b"PLTE", bytes([9, 8, 7, 30, 20, 10]))
    image = opened(png_file(1, 2, PALETTE, zlib.compress(bytes([0, 1, 0, 0])), palette)).convert("RGB")
    assert np.asarray(image).tolist() == [[[30, 20, 10]], [[9, 8, 7]]]
