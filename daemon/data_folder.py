"""Whether the data folder can be used. Shell."""

from pathlib import Path

from protocol.errors import DataFolderError

__all__ = ["prepare_data_folder"]

_PROBE_BYTES = 1 << 16


def prepare_data_folder(path: Path) -> Path:
    """Create the data folder and try to write in it.

    Returns:
        The absolute path.

    Raises:
        DataFolderError: it can not be created or written, or the disk is full.
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
        reason = error.strerror or str(error)
        raise DataFolderError(
            f"The data folder {folder} can not be written ({reason}): "
            "make room or mend its permissions, or choose another with --data."
        ) from None
    return folder
