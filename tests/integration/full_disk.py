"""`gbatrace` on a disk that is full while a file says so: `python -m tests.integration.full_disk <file> serve …`."""

import errno
import os
import sys
from pathlib import Path

from daemon import journals
from daemon.cli import main

__all__: list[str] = []

HALF = 2
"""A full disk takes the first half of what it is given."""


def fill(flag: Path) -> None:
    """Refuse to write while the file is there."""
    write_bytes, write_all = Path.write_bytes, journals._write_all

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
    journals._write_all = refusing_write_all


if __name__ == "__main__":
    fill(Path(sys.argv.pop(1)))
    main()
