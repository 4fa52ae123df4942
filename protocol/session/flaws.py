"""Flaws of frame sets that have no screenshot of their own. Pure.

A flaw is a short sentence in `event.json`; these are read again, so that they are written in one place.
"""

__all__ = ["NO_SCREENSHOT", "UNDRAWN", "borrowed_flaw", "borrowed_from", "is_resized", "resized"]

NO_SCREENSHOT = "it has no screenshot of its own"
"""The flaw of a set whose screenshot never came."""

UNDRAWN = "its screenshot may be older than its last frame: the emulator did not draw every frame"
"""The flaw of a set at whose end the emulator skipped frames or ran ahead."""

_RESIZED = "its screenshot has another size than the one before: "

_BORROWED = "its screenshot is that of frame set "


def borrowed_flaw(origin: int) -> str:
    """Write the flaw of a set that has the screenshot of set `origin`."""
    return f"{_BORROWED}{origin}"


def borrowed_from(flaw: str) -> int | None:
    """Read what `borrowed_flaw` writes; None for any other flaw."""
    origin = flaw.removeprefix(_BORROWED)
    return int(origin) if origin != flaw and origin.isdecimal() else None


def resized(size: tuple[int, int], before: tuple[int, int]) -> str:
    """Write the flaw of a set at whose screenshot the size changed, from there on: width and height in pixels."""
    return f"{_RESIZED}{size[0]}x{size[1]}, not {before[0]}x{before[1]} pixels"


def is_resized(flaw: str) -> bool:
    """Tell whether a flaw is what `resized` writes."""
    return flaw.startswith(_RESIZED)
