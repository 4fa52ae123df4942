"""Flaws of frame sets that gbatrace itself looks for in files: written and read here. Pure.

A flaw is a short sentence in `event.json`; those that nobody looks for are written where they arise.
"""

from collections.abc import Collection

__all__ = [
    "MIRROR_DIFFERED",
    "NO_SCREENSHOT",
    "UNDRAWN",
    "borrowed_flaw",
    "borrowed_from",
    "cut_short",
    "is_cut_short",
    "is_resized",
    "lacks_screenshot",
    "resized",
]

MIRROR_DIFFERED = "the daemon's copy of memory differed from the emulator's"
"""The flaw of a set in which a proof did not agree."""

NO_SCREENSHOT = "it has no screenshot of its own"
"""The flaw of a set whose screenshot never came."""

UNDRAWN = "its screenshot may be older than its last frame: the emulator did not draw every frame"
"""The flaw of a set at whose end the emulator skipped frames or ran ahead."""

_CUT_SHORT = "it was cut short"

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
    """Write the flaw of a set at whose screenshot the size changed: width, height in pixels."""
    return f"{_RESIZED}{size[0]}x{size[1]}, not {before[0]}x{before[1]} pixels"


def is_resized(flaw: str) -> bool:
    """Return whether a flaw is what `resized` writes."""
    return flaw.startswith(_RESIZED)


def cut_short(interruption: str) -> str:
    """Write the flaw of a set that ended before its time."""
    return f"{_CUT_SHORT}: {interruption}"


def is_cut_short(flaw: str) -> bool:
    """Return whether a flaw is what `cut_short` writes."""
    return flaw.startswith(_CUT_SHORT)


def lacks_screenshot(flaws: Collection[str]) -> bool:
    """Return whether a set's flaws mean a lost screenshot; a set cut short has none to lose."""
    return NO_SCREENSHOT in flaws and not any(map(is_cut_short, flaws))
