"""What a frame set says of itself where it has no screenshot of its own. Pure.

A flaw is a short sentence in `event.json`; these are read again, so that they are written in one place.
"""

__all__ = ["NO_SCREENSHOT", "borrowed", "lender"]

NO_SCREENSHOT = "it has no screenshot of its own"
"""The flaw of a set whose screenshot never came."""

_BORROWED = "its screenshot is that of frame set "


def borrowed(origin: int) -> str:
    """Write the flaw of a set that has the screenshot of set `origin`."""
    return f"{_BORROWED}{origin}"


def lender(flaw: str) -> int | None:
    """Read what `borrowed` writes; None for any other flaw."""
    origin = flaw.removeprefix(_BORROWED)
    return int(origin) if origin != flaw and origin.isdecimal() else None
