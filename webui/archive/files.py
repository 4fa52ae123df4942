"""Files of the data folder, which the daemon may be replacing at that moment. Shell."""

import time
from pathlib import Path

from protocol.session.held_files import once_more

__all__ = ["read_file", "remove_file"]


def read_file(path: Path) -> bytes:
    """Read a file, once more where it was being replaced at that moment.

    Raises:
        OSError: it cannot be read.
    """
    return once_more(path.read_bytes, time.sleep)


def remove_file(path: Path) -> None:
    """Delete a file; once more where another program held it.

    Raises:
        OSError: it cannot be deleted.
    """
    once_more(path.unlink, time.sleep)
