"""From a core's pixels to RGB and PNG."""

import io

import numpy as np
import pytest
from PIL import Image

from lua.headless.picture import five_bits, from_five_bits, png_of, rgb_from_core


@pytest.mark.parametrize(
    ("pixel_format", "pixel", "rgb"),
    [
        (0, 0x7FFF, (255, 255, 255)),
        (0, 0x7C00, (255, 0, 0)),
        (0, 0x0210, (0, 132, 132)),
        (2, 0xF800, (255, 0, 0)),
        (2, 0x07C0, (0, 255, 0)),
        (2, 0x001F, (0, 0, 255)),
        (2, 0xFFDF, (255, 255, 255)),
        (2, 0x8410, (132, 132, 132)),
    ],
)
def test_five_bits_become_eight(pixel_format: int, pixel: int, rgb: tuple[int, int, int]) -> None:
    picture = rgb_from_core(pixel.to_bytes(2, "little"), 1, 1, 2, pixel_format)
    assert tuple(picture[0, 0]) == rgb


def test_eight_bits_stay_as_they_are() -> None:
    picture = rgb_from_core(bytes([0x33, 0x22, 0x11, 0xFF]), 1, 1, 4, 1)
    assert tuple(picture[0, 0]) == (0x11, 0x22, 0x33)


def test_all_32_levels_stay_apart_and_span_the_whole_range() -> None:
    pixels = np.arange(32, dtype="<u2").tobytes()
    blue = rgb_from_core(pixels, 32, 1, 64, 0)[0, :, 2].tolist()
    assert (blue[0], blue[31]) == (0, 255)
    assert blue == sorted(set(blue))


def test_padding_at_the_end_of_rows_is_no_picture() -> None:
    rows = b"\x1f\x00" + b"\xff" * 6 + b"\x00\x7c" + b"\xff" * 6
    picture = rgb_from_core(rows, 1, 2, 8, 0)
    assert picture.tolist() == [[[0, 0, 255]], [[255, 0, 0]]]


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="9 is not a pixel format"):
        rgb_from_core(bytes(2), 1, 1, 2, 9)


def test_a_png_has_every_pixel() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (160, 240, 3), dtype=np.uint8)
    with Image.open(io.BytesIO(png_of(picture))) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (240, 160))
        assert (np.asarray(image) == picture).all()


def test_the_consoles_own_colours_are_given_back() -> None:
    colours = np.arange(0x8000, dtype=np.uint16)
    rgb = from_five_bits(colours)
    assert tuple(rgb[31 | 16 << 5]) == (255, 132, 0)
    assert np.array_equal(five_bits(rgb), colours)
    with pytest.raises(ValueError, match="a colour is none of the console's"):
        five_bits(np.array([[1, 0, 0]], np.uint8))
