"""A disk that is full while one file says so, and whose files another program holds while a second file does.

`python -m tests.integration.full_disk <file> <data folder> <durability>` is the writer on such a disk, and
`daemon_on_full_disk` the daemon.
"""

import errno
import math
import os
import sys
from pathlib import Path

from daemon.disk import files, journals
from daemon.writer.__main__ import main
from tests.fakes.holder import hold_open

__all__ = ["fill", "held_flag"]

HALF = 2
"""A full disk takes the first half of what it is given."""


def held_flag(flag: Path) -> Path:
    """Return the file that says that all others are held, beside the one that says that the disk is full."""
    return flag.with_suffix(".is_held")


def fill(flag: Path) -> None:
    """Refuse to write while the file is there, and to rename or delete while the other one is."""
    held = held_flag(flag)
    hold_open(lambda _path: held.exists(), math.inf)
    write_bytes, write_all = Path.write_bytes, files.write_all

    def refusing_write_bytes(path: Path, data: bytes) -> int:
        if flag.exists():
            write_bytes(path, data[: len(data) // HALF])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_bytes(path, data)

    def refusing_write_all(descriptor: int, data: bytes) -> None:
        if flag.exists():
            write_all(descriptor, data[: len(data) // HALF])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_all(descriptor, data)

    Path.write_bytes = refusing_write_bytes  # type: ignore[method-assign, assignment]
    files.write_all = refusing_write_all
    vars(journals)["write_all"] = refusing_write_all


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
    main(sys.argv[2:])
