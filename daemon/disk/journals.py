"""Files that only grow, one line at a time: a line is in them whole or not at all. Shell.

A crash in the middle of a write leaves half a line at the end. Whoever opens the file again must `mend` it first, or
the next line would be lost in the same ruin.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from daemon.disk.files import read_file, write_all
from protocol.links import LINK, is_link, unlinked

__all__ = ["GrowingFile", "append", "complete_lines", "has_lately", "mend"]

_GROWING = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)

_LATELY = 1 << 16
"""Bytes at the end of a file that are looked through at a time: far more than ever waits for the disk."""


class GrowingFile:
    """A file that is kept open and grows by whole lines. You must `close` it.

    Args:
        path: the file; created where there is none. Nobody else writes to it meanwhile.

    Raises:
        OSError: it can not be opened.
    """

    def __init__(self, path: Path) -> None:
        if is_link(path):
            raise OSError(errno.ELOOP, LINK, str(path))
        self._descriptor = os.open(path, _GROWING, 0o666)
        self._length = os.lseek(self._descriptor, 0, os.SEEK_END)

    def append(self, lines: bytes) -> None:
        """Append whole lines.

        Raises:
            OSError: the disk refused; the file is as it was.
        """
        try:
            write_all(self._descriptor, lines)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._descriptor, self._length)
            raise
        self._length += len(lines)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def append(path: Path, lines: bytes) -> None:
    """Append whole lines to a file.

    Raises:
        OSError: the disk refused; the file is as it was.
    """
    file = GrowingFile(path)
    try:
        file.append(lines)
    finally:
        file.close()


def complete_lines(path: Path) -> list[bytes]:
    """Read the lines, without the end of one that a crash cut short; none where there is no file.

    Raises:
        OSError: the file can not be read.
    """
    try:
        data = read_file(unlinked(path.parent, path))
    except FileNotFoundError:
        return []
    return data[: data.rfind(b"\n") + 1].splitlines()


def has_lately(path: Path, line: bytes) -> bool:
    """Tell whether a line, its end included, is among the last ones of a file.

    Raises:
        OSError: the file can not be read.
    """
    try:
        with unlinked(path.parent, path).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _LATELY))
            return line in file.read().splitlines(keepends=True)
    except FileNotFoundError:
        return False


def mend(path: Path) -> int:
    """Take away the end of a line that a crash cut short.

    Returns:
        How many bytes were taken away.

    Raises:
        OSError: the file can not be read or written.
    """
    try:
        with unlinked(path.parent, path).open("rb") as file:
            length = file.seek(0, os.SEEK_END)
            whole = _end_of_last_line(file, length)
    except FileNotFoundError:
        return 0
    if whole < length:
        os.truncate(path, whole)
    return length - whole


def _end_of_last_line(file: BinaryIO, length: int) -> int:
    """Look for it from the end: of a long session that is a small part of the file."""
    end = length
    while end:
        start = max(0, end - _LATELY)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0
