import io

import numpy as np
import pytest
from PIL import Image

from daemon.exporting.recoding import PaletteRecoder, unpacked
from protocol.errors import DocumentError
from protocol.session.screenshots import pixels
from tests.daemon.exporting.recordings import HEIGHT, WIDTH, screenshot


def png(rows: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], **settings: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(rows).save(buffer, "PNG", **settings)
    return buffer.getvalue()


def noise(seed: int, colours: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    random = np.random.default_rng(seed)
    palette = random.integers(0, 256, (colours, 3), dtype=np.uint8)
    return palette[random.integers(0, colours, (HEIGHT, WIDTH))]


def test_an_unpacked_screenshot_has_the_same_pixels_and_chunks() -> None:
    rows = noise(2, 300)
    packed = png(rows, dpi=(72, 72))
    loose = unpacked(packed)
    assert (pixels(loose) == rows).all()
    assert len(loose) > rows.size > len(packed) - 1000
    assert b"pHYs" in loose


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", screenshot(0)[:50], screenshot(0)[:-6], screenshot(0)[:-20], screenshot(0) + b"\0"]
)
def test_what_cannot_be_unpacked_stays_as_it_is(data: bytes) -> None:
    assert unpacked(data) == data


def test_recoding_keeps_every_pixel_while_the_palette_grows() -> None:
    recoder = PaletteRecoder()
    for seed in range(20):
        rows = noise(seed, 30)
        painted = recoder.recode(png(rows))
        assert (pixels(painted) == rows).all()
        assert Image.open(io.BytesIO(painted)).mode == "P"


def test_close_colours_are_not_confused() -> None:
    rows = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    rows[:, :, 0] = np.arange(WIDTH)
    rows[:, :, 1] = np.arange(HEIGHT)[:, None] // 2
    assert (pixels(PaletteRecoder().recode(png(rows))) == rows).all()


def test_many_colours_other_modes_and_nothing_stay_what_they_are() -> None:
    recoder = PaletteRecoder()
    many = noise(1, 300)
    assert (pixels(recoder.recode(png(many))) == many).all()
    buffer = io.BytesIO()
    Image.new("RGBA", (WIDTH, HEIGHT), (1, 2, 3, 4)).save(buffer, "PNG")
    assert recoder.recode(buffer.getvalue()) == unpacked(buffer.getvalue())
    assert recoder.recode(b"") == b""
    with pytest.raises(DocumentError):
        recoder.recode(b"no screenshot")


def test_a_screenshot_that_stands_still_is_painted_once() -> None:
    recoder = PaletteRecoder()
    assert recoder.recode(screenshot(1)) is recoder.recode(screenshot(1))
