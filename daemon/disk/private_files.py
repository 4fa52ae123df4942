"""Files and folders that only their owner may read. Shell.

On POSIX that is a matter of their mode, set before there is anything to read. Windows keeps rights in the folder: what
lies in a person's own folder is theirs, and nothing is done here.
"""

import os
from contextlib import suppress
from pathlib import Path

from daemon.disk.files import write_all
from protocol.disk import retry_while_held
from protocol.session.layout import partial_path

__all__ = ["make_private", "private_folder", "write_private"]

_FOLDER = 0o700
_FILE = 0o600
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def private_folder(path: Path) -> None:
    """Create a folder that only its owner may enter; one that is there is made so.

    Raises:
        OSError: the disk refused.
    """
    path.mkdir(_FOLDER, parents=True, exist_ok=True)
    make_private(path)


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, complete or not at all.

    Raises:
        OSError: the disk refused; the file is as it was.
    """
    partial = partial_path(path)
    retry_while_held(lambda: partial.unlink(missing_ok=True))
    try:
        descriptor = os.open(partial, _WRITING, _FILE)
        try:
            write_all(descriptor, data)
        finally:
            os.close(descriptor)
        retry_while_held(lambda: partial.replace(path))
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def make_private(path: Path) -> None:
    """Take everybody else's rights to a file or folder, where the system knows such."""
    mode = _FOLDER if path.is_dir() else _FILE
    if os.name == "posix" and path.stat().st_mode & ~mode & 0o777:
        with suppress(OSError):  # A drive without modes, or somebody else's file: it is used as it is.
            path.chmod(mode)
