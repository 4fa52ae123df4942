"""Writing files complete or not at all, and what the disk's refusals mean to a player. Shell."""

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from protocol.errors import DiskFullError, StoreError

__all__ = ["clear_partials", "guarded", "is_full", "rename_patiently", "replace_file", "write_all", "write_file"]

_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)

_NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_RENAME_TRIES = 6
_RENAME_PAUSE = 0.02
"""Seconds between tries: on Windows a virus scanner may hold a fresh file for a moment."""


def is_full(error: OSError) -> bool:
    """Tell whether the system refused because there is no room left."""
    return error.errno in _NO_ROOM


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn the system's refusals into ours, in the name of `path`.

    Raises:
        StoreError: the disk refused; `DiskFullError` where there is no room.
    """
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise DiskFullError(f"The disk with {path} is full: make room, recording goes on by itself.") from error
        reason = error.strerror or str(error)
        raise StoreError(f"{path} can not be written ({reason}): check the folder and its permissions.") from error


def write_file(path: str | Path, data: bytes) -> None:
    """Write a file whose name nobody knows yet. Half the calls of `Path.write_bytes`: a recording makes thousands.

    Raises:
        OSError: the disk refused; a part of the file may be there.
    """
    descriptor = os.open(path, _WRITING, 0o666)
    try:
        write_all(descriptor, data)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """Write to an open file, in as many pieces as the system takes.

    Raises:
        OSError: the disk refused; a part may be written.
    """
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def replace_file(path: Path, data: bytes, *, at_once: bool = False) -> None:
    """Write a file under another name and give it its own by rename.

    Args:
        path: the file.
        data: what is to be in it.
        at_once: whether to wait until the data is on the medium: a power cut then leaves the old file or the new one.

    Raises:
        OSError: the disk refused; the file is as it was.
    """
    partial = path.with_name(path.name + ".partial")
    write_file(partial, data)
    if at_once:
        with partial.open("r+b", buffering=0) as file:
            os.fsync(file.fileno())
    rename_patiently(lambda: os.replace(partial, path))  # noqa: PTH105 - says what it does, on every system


def rename_patiently(rename: Callable[[], object]) -> None:
    """Call `rename`, again a few times where the system says that somebody holds the file.

    Raises:
        OSError: it could not be renamed.
    """
    for attempt in range(_RENAME_TRIES):
        try:
            rename()
        except PermissionError:
            if attempt == _RENAME_TRIES - 1:
                raise
            time.sleep(_RENAME_PAUSE)
        else:
            return


def clear_partials(folder: Path) -> None:
    """Clear away what a crash left half-written in a folder, if there is such a folder.

    Raises:
        OSError: the disk refused.
    """
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in list(entries):
            if entry.name.startswith(".partial-"):
                shutil.rmtree(entry.path)
            elif entry.name.endswith(".partial"):
                Path(entry.path).unlink()
