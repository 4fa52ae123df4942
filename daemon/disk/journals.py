"""Append-only journals: each line is in them whole or not at all. Shell.

A crash in the middle of a write leaves half a line at the end. Before the file is written again it must be taken away
(`truncate_partial_line`), or the next line would be lost with it.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from daemon.disk.files import write_all
from protocol.disk import LINK_REFUSED, complete_lines, is_link, split_lines, without_links
from protocol.session.hash_chain import HashChain, chained, link_of, unchained

__all__ = ["ChainedJournal", "GrowingFile", "truncate_partial_line"]

_APPENDING = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)

_TAIL_BYTES = 1 << 16
"""Bytes at the end of a file that are looked through at a time: far more than ever waits for the disk."""


class GrowingFile:
    """Open file that grows by whole lines. You must `close` it.

    Args:
        path: the file; created where there is none. Nobody else writes to it meanwhile.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        if is_link(path):
            raise OSError(errno.ELOOP, LINK_REFUSED, str(path))
        self._descriptor = os.open(path, _APPENDING, 0o666)
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


class ChainedJournal:
    """Journal whose lines are linked by a hash chain. Nobody else writes to it meanwhile.

    Call `close` where somebody else may have written to it.

    Args:
        path: the file; created with the first line.
        stays_open: whether the file is kept open between two lines.
    """

    def __init__(self, path: Path, *, stays_open: bool = False) -> None:
        self._path = path
        self._stays_open = stays_open
        self._file: GrowingFile | None = None
        self._link: str | None = None

    def append(self, *lines: bytes) -> None:
        """Append whole lines, each with its link.

        Raises:
            OSError: the disk refused; the file is as it was.
        """
        link, data = self.link(), b""
        for line in lines:
            line_with_link, link = chained(line, link)
            data += line_with_link
        file = self._file or GrowingFile(self._path)
        try:
            file.append(data)
        finally:
            if self._stays_open:
                self._file = file
            else:
                file.close()
        self._link = link

    def link(self) -> str:
        """Return the link of the last line, after taking away half a line that a crash left.

        Raises:
            OSError: the file cannot be read or written.
        """
        if self._link is None:
            truncate_partial_line(self._path)
            self._link = _last_link(self._path)
        return self._link

    def tail_contains(self, line: bytes) -> bool:
        """Return whether a line, its line feed included, is among the last ones.

        Raises:
            OSError: the file cannot be read.
        """
        return line[:-1] in map(unchained, _last_lines(self._path))

    def close(self) -> None:
        """Close the file; the next line opens it again, and looks for the last link there."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._link = None


def truncate_partial_line(path: Path) -> int:
    """Take away the end of a line that a crash cut short.

    Returns:
        How many bytes were taken away.

    Raises:
        OSError: the file cannot be read or written.
    """
    try:
        with without_links(path.parent, path).open("rb") as file:
            length = file.seek(0, os.SEEK_END)
            whole = _end_of_last_line(file, length)
    except FileNotFoundError:
        return 0
    if whole < length:
        os.truncate(path, whole)
    return length - whole


def _end_of_last_line(file: BinaryIO, length: int) -> int:
    """Find the end of the last complete line, backwards: that is near in a long file."""
    end = length
    while end:
        start = max(0, end - _TAIL_BYTES)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def _last_lines(path: Path) -> list[bytes]:
    """Read the last complete lines, or all where fewer than two of them fit `_TAIL_BYTES`."""
    try:
        with without_links(path.parent, path).open("rb") as file:
            length = file.seek(0, os.SEEK_END)
            start = max(0, length - _TAIL_BYTES)
            file.seek(start)
            lines = split_lines(file.read())[:-1]
            if start and len(lines) < 2:
                file.seek(0)
                return split_lines(file.read())[:-1]
            return lines[1:] if start else lines
    except FileNotFoundError:
        return []


def _last_link(path: Path) -> str:
    last = _last_lines(path)[-1:]
    link = link_of(last[0]) if last else None
    if link is not None:
        return link
    chain = HashChain()
    for line in complete_lines(path):
        chain.follow(line)
    return chain.link
