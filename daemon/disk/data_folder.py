"""Checks of the data folder: writable, outside OneDrive, which names are taken. Shell."""

import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path, PurePath, PureWindowsPath

from daemon.disk.files import is_full
from protocol.disk import retry_while_held
from protocol.errors import DataFolderError

__all__ = ["has_session", "is_synchronised", "prepare_data_folder"]

_PROBE_BYTES = 1 << 16


def prepare_data_folder(path: Path, warn: Callable[[str], None] | None = None) -> Path:
    """Create the data folder and try to write in it.

    Args:
        path: the folder.
        warn: called with a sentence about what may hinder the recording, a full disk included; without it a full
            disk is an error.

    Returns:
        The absolute path.

    Raises:
        DataFolderError: it cannot be created or written.
    """
    folder = path.absolute()
    probe = folder / f".probe-{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            probe.write_bytes(bytes(_PROBE_BYTES))
        finally:
            with suppress(PermissionError):
                retry_while_held(lambda: probe.unlink(missing_ok=True))
    except OSError as error:
        if warn is not None and is_full(error) and folder.is_dir():
            warn(f"The disk with {folder} is full. Nothing can be recorded until there is room: make some.")
            return folder
        reason = error.strerror or str(error)
        raise DataFolderError(
            f"The data folder {folder} cannot be written ({reason}): "
            "make room or fix its permissions, or choose another with --data."
        ) from None
    if warn is not None and is_synchronised(folder, os.environ):
        warn(
            f"{folder} lies in OneDrive, which opens every file as it appears and uploads it: "
            "recording waits for it again and again. Choose a folder outside with --data."
        )
    return folder


def has_session(data_folder: Path, name: str) -> bool:
    """Return whether there is a session of that name, upper and lower case aside.

    To Windows and macOS the two are the same, and a data folder may be copied there.
    """
    try:
        return name.casefold() in (entry.name.casefold() for entry in data_folder.iterdir())
    except FileNotFoundError:
        return False


def is_synchronised(folder: PurePath, environment: Mapping[str, str]) -> bool:
    """Return whether a folder lies in OneDrive, where Windows may have moved Documents unasked.

    Args:
        folder: an absolute path.
        environment: the process's; OneDrive names its folders there.
    """
    roots = (environment.get(name) for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"))
    return any(root and PureWindowsPath(folder).is_relative_to(PureWindowsPath(root)) for root in roots)
