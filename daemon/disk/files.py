"""Atomic writing of files, and the system's refusals as errors for a player. Shell."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from protocol.disk import is_link, retry_while_held
from protocol.errors import DiskFullError, FileHeldError, StoreError
from protocol.held_files import is_held
from protocol.session.layout import is_unfinished, partial_path

__all__ = [
    "clear_partials",
    "is_full",
    "map_os_errors",
    "remove_tree",
    "replace_file",
    "write_all",
    "write_file",
]

_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)

_NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}

_DELETED_SOON = 145
"""ERROR_DIR_NOT_EMPTY of Windows: a file in it was deleted, and stays until the program that has it open closes it."""


def is_full(error: OSError) -> bool:
    """Return whether the system refused because there is no room left."""
    return error.errno in _NO_ROOM


@contextmanager
def map_os_errors(path: Path) -> Iterator[None]:
    """Turn the system's refusals into ours, in the name of `path`.

    Raises:
        StoreError: the disk refused; `DiskFullError` where there is no room, `FileHeldError` where another program
            holds the file.
    """
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise DiskFullError(f"The disk with {path} is full: make room.") from error
        if is_held(error):
            raise FileHeldError(
                f"{error.filename or path} is write-protected, or held open by another program, a virus scanner "
                "perhaps: exclude the data folder there, or choose another with --data."
            ) from error
        reason = error.strerror or str(error)
        raise StoreError(f"{path} cannot be written ({reason}): check the folder and its permissions.") from error


def write_file(path: str | Path, data: bytes) -> None:
    """Write a file that is not yet visible under its final name.

    Half the calls of `Path.write_bytes`: a recording makes thousands.

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


def replace_file(path: Path, data: bytes, *, at_once: bool = False, is_patient: bool = True) -> None:
    """Write a file under another name and give it its own by rename.

    Args:
        path: the file.
        data: what is to be in it.
        at_once: whether to wait until the data is on the medium: a power cut then leaves the old file or the new one.
        is_patient: whether to wait here for another program that holds one of the two.

    Raises:
        OSError: the disk refused; the file is as it was, and nothing is left of the new one.
    """
    do: Callable[[Callable[[], None]], None] = retry_while_held if is_patient else _once
    partial = partial_path(path)
    try:
        do(lambda: write_file(partial, data))
        if at_once:
            with partial.open("r+b", buffering=0) as file:
                os.fsync(file.fileno())
        do(lambda: os.replace(partial, path))  # noqa: PTH105 - says what it does, on every system
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise


def remove_tree(path: Path, *, is_patient: bool = True) -> None:
    """Delete a folder and what is in it, if it is there.

    Args:
        path: the folder.
        is_patient: whether to wait here for another program that holds a file in it.

    Raises:
        OSError: the disk refused; a part may be deleted.
    """
    do: Callable[[Callable[[], None]], None] = retry_while_held if is_patient else _once
    do(lambda: _remove_tree(path))


def clear_partials(folder: Path) -> None:
    """Delete what a crash left half-written in a folder, if there is one, without waiting.

    Raises:
        OSError: the disk refused.
    """
    if is_link(folder):
        return
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in list(entries):
            if not is_unfinished(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                _remove_tree(Path(entry.path))
            else:
                Path(entry.path).unlink()


def _remove_tree(path: Path) -> None:
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        if path.exists():
            raise
    except OSError as error:
        if getattr(error, "winerror", None) == _DELETED_SOON:
            raise PermissionError(error.errno, error.strerror, error.filename) from error
        raise


def _once(action: Callable[[], None]) -> None:
    action()
