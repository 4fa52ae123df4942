"""Files that only grow, one line at a time: a line is in them whole or not at all. Shell.

A crash in the middle of a write leaves half a line at the end. Whoever opens the file again must `mend` it first, or
the next line would be lost in the same ruin.
"""

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["append", "complete_lines", "mend"]


def append(path: Path, lines: bytes) -> None:
    """Append whole lines.

    Raises:
        OSError: the disk refused; the file is as it was.
    """
    with path.open("ab", buffering=0) as file:
        length = file.seek(0, os.SEEK_END)
        try:
            _write_all(file.fileno(), lines)
        except OSError:
            with suppress(OSError):
                file.truncate(length)
            raise


def complete_lines(path: Path) -> list[bytes]:
    """Read the lines, without the end of one that a crash cut short; none where there is no file.

    Raises:
        OSError: the file can not be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    return data[: data.rfind(b"\n") + 1].splitlines()


def mend(path: Path) -> int:
    """Take away the end of a line that a crash cut short.

    Returns:
        How many bytes were taken away.

    Raises:
        OSError: the file can not be read or written.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return 0
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)
    return len(data) - whole


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
