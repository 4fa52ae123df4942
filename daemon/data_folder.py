"""Whether the data folder can be used. Shell."""

from collections.abc import Callable
from pathlib import Path

from daemon.disk.files import is_full
from protocol.errors import DataFolderError

__all__ = ["prepare_data_folder"]

_PROBE_BYTES = 1 << 16


def prepare_data_folder(path: Path, when_full: Callable[[str], None] | None = None) -> Path:
    """Create the data folder and try to write in it.

    Args:
        path: the folder.
        when_full: told in one sentence where the folder is there and its disk is full; without it that is an error.

    Returns:
        The absolute path.

    Raises:
        DataFolderError: it can not be created or written.
    """
    folder = path.absolute()
    probe = folder / ".probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            probe.write_bytes(bytes(_PROBE_BYTES))
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        if when_full is not None and is_full(error) and folder.is_dir():
            when_full(f"The disk with {folder} is full. Nothing can be recorded until there is room: make some.")
            return folder
        reason = error.strerror or str(error)
        raise DataFolderError(
            f"The data folder {folder} can not be written ({reason}): "
            "make room or mend its permissions, or choose another with --data."
        ) from None
    return folder
