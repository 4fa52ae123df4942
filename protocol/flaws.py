"""What a frame set says of itself where its screenshot is another's. Pure.

A flaw is a short sentence in `event.json`; this one is read again, so that it is written in one place.
"""

__all__ = ["borrowed", "lender"]

_BORROWED = "its screenshot is that of frame set "


def borrowed(origin: int) -> str:
    """Write the flaw of a set that has the screenshot of set `origin`."""
    return f"{_BORROWED}{origin}"


def lender(flaw: str) -> int | None:
    """Read what `borrowed` writes; None for any other flaw."""
    origin = flaw.removeprefix(_BORROWED)
    return int(origin) if origin != flaw and origin.isdecimal() else None
