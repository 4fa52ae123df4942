"""Screenshots as PNG files and as pixels. Pure; Pillow does the decoding."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

from protocol.errors import DocumentError
from protocol.link.framing import PNG_SIGNATURE
from protocol.png import PALETTE, png_chunk, png_file

__all__ = ["PaletteRecoder", "unpacked"]

_COLOURS = 256
_REMEMBERED = 256
"""Screenshots that are known again without decoding them: a screenshot that stands still comes many times."""

_HEADER = struct.Struct(">I4s")


def unpacked(png: bytes) -> bytes:
    """Write a PNG again with its pixels not compressed: still a PNG, the same pixels.

    Screenshots that follow each other are almost the same. A table that compresses many of them together then takes a
    fifth of the room, because it can see that, which it cannot through each PNG's own compression.

    Returns:
        The larger PNG, or the same bytes where they are not laid out as a PNG should be.
    """
    parts = [PNG_SIGNATURE]
    packed: list[bytes] = []
    place = len(PNG_SIGNATURE)
    try:
        while place < len(png):
            length, kind = _HEADER.unpack_from(png, place)
            end = place + _HEADER.size + length + 4
            if kind == b"IDAT":
                packed.append(png[place + _HEADER.size : end - 4])
            else:
                if kind == b"IEND":
                    parts.append(png_chunk(b"IDAT", zlib.compress(zlib.decompress(b"".join(packed)), 0)))
                parts.append(png[place:end])
            place = end
    except (struct.error, zlib.error):
        return png
    whole = png.startswith(PNG_SIGNATURE) and place == len(png) and parts[-1][4:8] == b"IEND"
    return b"".join(parts) if whole else png


class PaletteRecoder:
    """Re-encoder of a game's screenshots as uncompressed PNGs that share one palette.

    The pixels are the same, a third as large, and screenshots that follow each other differ only where the game does:
    see `unpacked`. A screenshot with more than 256 colours is only unpacked. The console shows 32,768 colours, its
    games few of them at a time.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[int, int, int], int] = {}
        self._palette = Image.new("P", (1, 1))
        self._chunk = b""
        self._exact = True
        self._known: dict[bytes, bytes] = {}

    def recode(self, png: bytes) -> bytes:
        """Write a PNG again.

        Raises:
            DocumentError: it cannot be decoded.
        """
        if not png:
            return png
        known = self._known.get(png)
        if known is None:
            known = self._known[png] = self._recoded(png)
            if len(self._known) > _REMEMBERED:
                del self._known[next(iter(self._known))]
        return known

    def _recoded(self, png: bytes) -> bytes:
        try:
            with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
                if image.mode != "RGB" or image.info.get("transparency") is not None:
                    return unpacked(png)
                colours = image.getcolors(_COLOURS)
                if colours is None or not self._cover([colour for _, colour in colours]):  # type: ignore[misc]
                    return unpacked(png)
                return self._png(image.quantize(palette=self._palette, dither=Image.Dither.NONE))
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise DocumentError(f"A screenshot cannot be decoded ({error}).") from None

    def _cover(self, colours: list[tuple[int, int, int]]) -> bool:
        """Make sure that the palette has these colours, and that Pillow finds each of them exactly."""
        missing = [colour for colour in colours if colour not in self._places]
        if missing:
            if len(self._places) + len(missing) > _COLOURS:
                self._places, missing = {}, colours
            for colour in missing:
                self._places[colour] = len(self._places)
            parts = bytes(part for colour in self._places for part in colour)
            self._palette.putpalette(parts)
            self._chunk = png_chunk(b"PLTE", parts)
            painted = Image.new("RGB", (len(self._places), 1))
            painted.putdata(list(self._places))
            found = painted.quantize(palette=self._palette, dither=Image.Dither.NONE)
            self._exact = found.tobytes() == bytes(range(len(self._places)))
        return self._exact

    def _png(self, painted: Image.Image) -> bytes:
        rows = np.zeros((painted.height, painted.width + 1), np.uint8)
        rows[:, 1:] = np.frombuffer(painted.tobytes(), np.uint8).reshape(painted.height, painted.width)
        return png_file(painted.width, painted.height, PALETTE, zlib.compress(rows.tobytes(), 0), self._chunk)
