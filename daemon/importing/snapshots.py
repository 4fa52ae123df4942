"""The original's folder of screenshots: `<frame set id>.png`. Shell."""

import os
from bisect import bisect_right
from pathlib import Path

from protocol.disk import read_file, without_links
from protocol.errors import LayoutError, LogError
from protocol.session.flaws import NO_SCREENSHOT, borrowed_flaw
from protocol.session.layout import frame_set_id
from protocol.session.screenshots import screenshot_problem

__all__ = ["Snapshots"]


class Snapshots:
    """Finder of the screenshot of each frame set.

    Args:
        folder: the folder, or None where there are no screenshots.

    Attributes:
        folder: that folder; the present one where there is none.
        numbers: the frame sets that have a file, ascending.
        unreadable: what is wrong with those of the files that were met and are no screenshots.

    Raises:
        LogError: the folder does not exist or cannot be read.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder or Path()
        self._last_good = -1, b""
        self.numbers = _numbers(folder) if folder else []
        self.unreadable: dict[int, str] = {}

    def path(self, number: int) -> Path:
        """Return where the file of a frame set is, if it has one."""
        return self.folder / f"{number}.png"

    def find(self, number: int) -> tuple[bytes, tuple[str, ...]]:
        """Find the screenshot of a set, or that of the closest earlier set that has one.

        Returns:
            `(png, flaws)`; the PNG is empty where there is none that early.

        Raises:
            LogError: a file cannot be read.
        """
        for at in range(bisect_right(self.numbers, number) - 1, -1, -1):
            png = self._good(self.numbers[at])
            if png and self.numbers[at] == number:
                return png, ()
            if png:
                return png, (self.unreadable.get(number, NO_SCREENSHOT), borrowed_flaw(self.numbers[at]))
        return b"", (self.unreadable.get(number, NO_SCREENSHOT),)

    def _good(self, number: int) -> bytes:
        """Read a file; empty where it is not a screenshot."""
        if number == self._last_good[0]:
            return self._last_good[1]
        if number in self.unreadable:
            return b""
        png = self._read(number)
        problem = screenshot_problem(png)
        if problem:
            self.unreadable[number] = problem
            return b""
        self._last_good = number, png
        return png

    def _read(self, number: int) -> bytes:
        try:
            return read_file(without_links(self.folder, self.path(number)))
        except OSError as error:
            raise LogError(f"The screenshot {self.path(number)} cannot be read ({error.strerror}).") from error


def _numbers(folder: Path) -> list[int]:
    try:
        with os.scandir(folder) as entries:
            return sorted(number for entry in entries if (number := _number(entry.name)) is not None)
    except NotADirectoryError:
        raise LogError(f"{folder} is not a folder: name the folder of the screenshots with --snapshots.") from None
    except FileNotFoundError:
        raise LogError(f"There is no folder {folder}: name that of the screenshots with --snapshots.") from None
    except OSError as error:
        raise LogError(f"The folder {folder} cannot be read ({error.strerror}).") from error


def _number(name: str) -> int | None:
    stem, point, ending = name.partition(".")
    if not point or ending.casefold() != "png":
        return None
    try:
        return frame_set_id(stem)
    except LayoutError:
        return None
