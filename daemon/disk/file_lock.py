"""File locks that show whether their holder lives: on sessions and books of names. Shell.

The system lets go of the lock when the process ends, however it ends: a session that is locked is being recorded, one
that is not locked and never ended was cut off.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

__all__ = ["FileLock", "is_held"]

_TRIES = 20
"""Some network drives never agree on which file a name and an open file are: then better to record than to be sure."""

_PATIENCE = 2.0
"""Seconds to wait for another program that edits a small file: an edit takes a few milliseconds."""

_PAUSE = 0.02


class FileLock:
    """Lock that this process holds. Made by `take`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """Take the lock, if nobody has it.

        Args:
            path: the lock file; created, and removed by `release`.

        Returns:
            The lock, or None where another process holds it.

        Raises:
            OSError: the file cannot be created.
        """
        tries = 0
        while True:
            tries += 1
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
            if not _lock(descriptor):
                os.close(descriptor)
                return None
            if _has_name(descriptor, path) or tries == _TRIES:
                return cls(path, descriptor)
            os.close(descriptor)  # The last holder removed the file just before we locked it: it has no name any more.

    @classmethod
    def take_soon(cls, path: Path) -> Self | None:
        """Take the lock for a short edit; blocks while another process has it, two seconds at most.

        Args:
            path: as for `take`.

        Returns:
            The lock, or None where another process still holds it.

        Raises:
            OSError: the file cannot be created.
        """
        until = time.monotonic() + _PATIENCE
        while (lock := cls.take(path)) is None and time.monotonic() < until:
            time.sleep(_PAUSE)
        return lock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let go of the lock. Releasing twice does nothing."""
        if self._descriptor is None:
            return
        if sys.platform == "win32":  # where a file that is open cannot be removed
            os.close(self._descriptor)
            self._remove()
        else:  # where another process could take the name between the two
            self._remove()
            os.close(self._descriptor)
        self._descriptor = None

    def _remove(self) -> None:
        with suppress(OSError):
            self._path.unlink()


def is_held(path: Path) -> bool:
    """Return whether a process holds a lock; on a disk that takes no lock file nobody does."""
    if not path.exists():
        return False
    try:
        lock = FileLock.take(path)
    except OSError:
        return False
    if lock is not None:
        lock.release()
    return lock is None


def _has_name(descriptor: int, path: Path) -> bool:
    """Return whether an open file is the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # A network drive without locks: better to record than to be sure.
        return True
