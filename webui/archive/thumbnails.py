"""Thumbnails of frame sets, with an LRU cache. Shell."""

import io
import threading
from collections import OrderedDict
from hashlib import blake2b

from PIL import Image

from protocol.console import GBA
from webui.archive.folders import Archive

__all__ = ["KEPT", "SIZE", "Thumbnails"]

SIZE = (GBA.width // 2, GBA.height // 2)
"""Width and height in pixels."""

KEPT = 1024
"""Capacity of the cache; a thumbnail has one or two kilobytes."""


class Thumbnails:
    """Thumbnails, each screenshot's made once. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: OrderedDict[bytes, bytes] = OrderedDict()

    def thumbnail(self, archive: Archive, session: str, number: int) -> bytes:
        """Return a frame set's screenshot as a small WebP.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session, frame set or screenshot.
        """
        png = archive.screenshot(session, number)
        name = blake2b(png, digest_size=16).digest()
        with self._lock:
            made = self._made.pop(name, None)
        if made is None:
            made = _webp(png)
        with self._lock:
            self._made[name] = made
            if len(self._made) > KEPT:
                self._made.popitem(last=False)
        return made


def _webp(png: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        image.convert("RGB").resize(SIZE, Image.Resampling.BOX).save(out, "WEBP", quality=80, method=2)
    return out.getvalue()
