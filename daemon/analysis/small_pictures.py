"""Small pictures of frame sets, to compare them by: read once and kept. Shell, for threads."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from PIL import Image

from protocol.changes import U8
from protocol.errors import DocumentError, SessionError
from protocol.session.reader import SessionReader
from protocol.session.screenshots import MAX_SIDE, screenshot_size

__all__ = ["SMALL", "SmallPictures"]

SMALL = (15, 10)
"""Width and height in pixels: one for each 16 by 16 of a GBA's."""

_KEPT = 40_000
"""Pictures that are kept: 18 MB."""


class SmallPictures:
    """Small pictures of a session's screenshots.

    Args:
        reader: the session.
    """

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader
        self._turn = threading.Lock()
        self._made: OrderedDict[int, U8 | None] = OrderedDict()

    def of(self, numbers: Sequence[int]) -> list[U8 | None]:
        """Return pictures of frame sets: 450 values, red, green and blue; None where there is none."""
        with self._turn:
            for number in numbers:
                if number not in self._made:
                    self._made[number] = self._read(number)
            found = [self._made[number] for number in numbers]
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return found

    def _read(self, number: int) -> U8 | None:
        try:
            png = self._reader.screenshot(number)
            if not png or max(screenshot_size(png)) > MAX_SIDE:
                return None
            with Image.open(BytesIO(png), formats=["PNG"]) as image:
                return np.asarray(image.convert("RGB").resize(SMALL, Image.Resampling.BOX), np.uint8).ravel()
        except (
            SessionError,
            DocumentError,
            OSError,
            ValueError,
            SyntaxError,
        ):  # Pillow raises the last for bad chunks.
            return None
