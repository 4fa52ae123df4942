"""Disk access of daemon and page: retries for held files, links not followed. Shell."""

import errno
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from protocol.held_files import FIRST_PAUSE, is_held, pauses

__all__ = [
    "LINK_REFUSED",
    "LineTail",
    "complete_lines",
    "is_link",
    "read_file",
    "retry_once",
    "retry_while_held",
    "split_lines",
    "without_links",
]

T = TypeVar("T")

LINK_REFUSED = "it is a link, and links in a session's folder are not followed"
"""Reason for which a path is not opened."""

_JUNCTION = 0xA000_0003
"""IO_REPARSE_TAG_MOUNT_POINT: what Windows makes of `mklink /J`, for which nobody needs a permission."""


def retry_while_held(action: Callable[[], T], sleep: Callable[[float], object] = time.sleep) -> T:
    """Do something to a file, again and again while another program holds it.

    Args:
        action: renames, replaces or deletes; it can be repeated without harm.
        sleep: waits for so many seconds.

    Raises:
        OSError: what the action raised: another refusal at once, that of a held file after `HOLD_PATIENCE`.
    """
    for pause in pauses():
        try:
            return action()
        except OSError as error:
            if not is_held(error):
                raise
        sleep(pause)
    return action()


def retry_once(action: Callable[[], T], sleep: Callable[[float], object] = time.sleep) -> T:
    """Try a second time where a file was held at that moment: to read it, say.

    Args:
        action: opens and reads it; or does what can be left undone.
        sleep: waits for so many seconds.

    Raises:
        OSError: what the action raised.
    """
    try:
        return action()
    except OSError as error:
        if not is_held(error):
            raise
    sleep(FIRST_PAUSE)
    return action()


def read_file(path: Path) -> bytes:
    """Read a file, once more where it was being replaced at that moment.

    Raises:
        OSError: it cannot be read.
    """
    return retry_once(path.read_bytes)


def is_link(path: Path | str) -> bool:
    """Return whether a path is a symbolic link, or a junction of Windows.

    It is none where there is nothing of that name.
    """
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION


def without_links(folder: Path, path: Path) -> Path:
    """Return a path if no link stands between a folder and it; the folder itself may be one.

    Raises:
        FileNotFoundError: a link stands there: what is behind it counts as missing.
    """
    place, whole = (
        os.fspath(folder),
        os.fspath(path),
    )  # By text: a label or a page of a listing asks this of many files.
    inside = whole.removeprefix(os.path.join(place, ""))  # noqa: PTH118
    parts = path.relative_to(folder).parts if inside == whole else inside.split(os.sep)  # noqa: PTH206
    for part in parts:
        place = os.path.join(place, part)  # noqa: PTH118
        if is_link(place):
            raise FileNotFoundError(errno.ENOENT, LINK_REFUSED, str(path))
    return path


def complete_lines(path: Path) -> list[bytes]:
    """Read the lines of a journal, without one that a crash cut short; none without a file.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        data = read_file(without_links(path.parent, path))
    except FileNotFoundError:
        return []
    return split_lines(data)[:-1]


def split_lines(data: bytes) -> list[bytes]:
    """Split a journal at its line feeds alone; the last piece is empty, or half a line."""
    return data.split(b"\n")


class LineTail:
    """Tail of a journal: the lines that were added to it since the last time.

    Args:
        path: the journal; there may be none yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    def new_lines(self) -> tuple[list[bytes], bool]:
        """Read the complete lines that were added; a link is not followed.

        Returns:
            The lines, and whether the journal is another one than before: then they are its lines from the first on.

        Raises:
            OSError: the file cannot be read.
        """
        try:
            with without_links(self._path.parent, self._path).open("rb") as file:
                is_another = file.seek(0, os.SEEK_END) < self._read
                file.seek(0 if is_another else self._read)
                *lines, rest = split_lines(file.read())
                self._read = file.tell() - len(rest)
        except FileNotFoundError:
            is_another, lines, self._read = self._read > 0, [], 0
        return lines, is_another
