"""Screenshots for tests."""

import io
from functools import cache

from PIL import Image

__all__ = ["png"]


@cache
def png(shade: int = 0, size: tuple[int, int] = (240, 160)) -> bytes:
    """Paint a PNG of one shade of grey, 0 to 255."""
    buffer = io.BytesIO()
    Image.new("L", size, shade).save(buffer, "PNG")
    return buffer.getvalue()
