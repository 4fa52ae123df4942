"""Detection of screenshots in bytes."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from protocol.errors import DocumentError
from protocol.link.framing import PNG_SIGNATURE
from protocol.session.screenshots import MAX_SIDE, pixels, screenshot_problem, screenshot_size
from tests.fakes.screenshots import png

UNREADABLE = "the screenshot is not a readable PNG"


@pytest.mark.parametrize("size", [(240, 160), (256, 224), (1, 1), (MAX_SIDE, 2)])
def test_a_screenshot_has_no_problem(size: tuple[int, int]) -> None:
    assert screenshot_problem(png(7, size)) is None


def test_a_screenshot_that_is_too_large_is_named_with_its_size() -> None:
    assert screenshot_problem(png(7, (2049, 2))) == "the screenshot is 2049x2 pixels, more than 2048"


@pytest.mark.parametrize("length", [0, 7, 8, 20, 33, 40, len(png(7)) - 12])
def test_a_screenshot_that_was_cut_short_is_not_readable(length: int) -> None:
    assert screenshot_problem(png(7)[:length]) == UNREADABLE


def test_a_damaged_pixel_is_noticed() -> None:
    screenshot = bytearray(png(7))
    screenshot[screenshot.index(b"IDAT") + 6] ^= 1
    assert screenshot_problem(bytes(screenshot)) == UNREADABLE


def test_another_kind_of_picture_is_no_screenshot() -> None:
    assert screenshot_problem(b"GIF89a" + bytes(100)) == UNREADABLE


@given(st.binary(max_size=200))
def test_arbitrary_bytes_behind_the_signature_are_no_screenshot(data: bytes) -> None:
    assert screenshot_problem(PNG_SIGNATURE + data) == UNREADABLE


@given(st.data())
def test_a_screenshot_with_a_damaged_byte_raises_nothing(data: st.DataObject) -> None:
    screenshot = bytearray(png(7))
    screenshot[data.draw(st.integers(0, len(screenshot) - 1))] = data.draw(st.integers(0, 255))
    assert screenshot_problem(bytes(screenshot)) in (None, UNREADABLE) or screenshot[16:24] != png(7)[16:24]


def chunks_of(screenshot: bytes) -> list[bytes]:
    """Cut a PNG into its chunks."""
    cut, at = [], len(PNG_SIGNATURE)
    while at < len(screenshot):
        end = at + 12 + int.from_bytes(screenshot[at : at + 4], "big")
        cut.append(screenshot[at:end])
        at = end
    return cut


@given(st.lists(st.integers(0, 2), max_size=6).filter(lambda order: order != [0, 1, 2]))
def test_chunks_that_are_missing_doubled_or_out_of_order_break_nothing(order: list[int]) -> None:
    chunks = chunks_of(png(7))
    assert len(chunks) == 3
    problem = screenshot_problem(PNG_SIGNATURE + b"".join(chunks[number] for number in order))
    assert problem in {UNREADABLE, None}


def test_a_screenshot_without_pixels_is_not_readable() -> None:
    head, _, end = chunks_of(png(7))
    assert screenshot_problem(PNG_SIGNATURE + head + end) == UNREADABLE


def test_its_size_stands_in_its_header() -> None:
    assert screenshot_size(png(7, (480, 320))) == (480, 320)


@pytest.mark.parametrize("data", [b"", b"GIF89a", png(7)[:20], PNG_SIGNATURE + bytes(40)])
def test_bytes_that_are_no_png_have_no_size(data: bytes) -> None:
    with pytest.raises(DocumentError, match="not a PNG"):
        screenshot_size(data)


def test_pixels_are_rows_of_red_green_blue() -> None:
    rows = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    file = BytesIO()
    Image.fromarray(rows).save(file, "PNG")
    assert (pixels(file.getvalue()) == rows).all()


@pytest.mark.parametrize("data", [b"", b"GIF89a", png(7)[:20], PNG_SIGNATURE + bytes(40)])
def test_what_is_no_png_has_no_pixels(data: bytes) -> None:
    with pytest.raises(DocumentError, match="screenshot"):
        pixels(data)
