"""Durability of written files: against a killed process, or against a power cut. Shell.

With `process` durability the system writes when it likes: a killed daemon loses nothing, a power cut the last half
minute or so. With `power` durability everything written is forced out in groups, a few times a second.
"""

import os
import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path

from daemon.disk.files import map_os_errors

__all__ = ["SYNC_PAUSE", "Durability", "Unsynced", "Wrote"]

SYNC_PAUSE = 0.4
"""Seconds between two groups: with the time that forcing them out takes, at most a second of play is at stake."""

Wrote = Callable[[Iterable[Path]], None]
"""Called with the files that were written, and the folders in which a name appeared."""


class Durability(StrEnum):
    """Faults that a recording survives."""

    PROCESS = "process"
    POWER = "power"


class Unsynced:
    """Files written since the last flush. The writer has one, and the thread for labels.

    Args:
        durability: with `process` nothing is remembered and nothing is forced out.

    Attributes:
        remembers: whether anything is remembered.
    """

    def __init__(self, durability: Durability = Durability.PROCESS) -> None:
        self.remembers = durability is Durability.POWER
        self._paths: dict[Path, None] = {}

    def wrote(self, paths: Iterable[Path]) -> None:
        """Remember files that were written, and folders in which a name appeared."""
        if self.remembers:
            self._paths.update(dict.fromkeys(paths))

    def sync(self) -> None:
        """Flush everything, files before the folders that name them; deleted files are skipped.

        Raises:
            StoreError: the disk refused; everything stays remembered.
        """
        folders = []
        for path in self._paths:
            with map_os_errors(path):
                if path.is_dir():
                    folders.append(path)
                else:
                    _sync_file(path)
        for folder in folders:
            with map_os_errors(folder):
                _sync_folder(folder)
        self._paths.clear()


def _sync_file(path: Path) -> None:
    try:
        with path.open("r+b", buffering=0) as file:
            os.fsync(file.fileno())
    except FileNotFoundError:
        return


def _sync_folder(path: Path) -> None:
    if sys.platform == "win32":
        return  # NTFS keeps names in its own journal; a folder cannot be opened for this there.
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
