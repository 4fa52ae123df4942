"""A disk that is full while one file says so, and whose files another program holds while a second file does.

A third file kills the writer in the midst of a block of the log of changes, whose blocks are short here.

`python -m tests.integration.full_disk <file> <data folder> <durability>` is the writer on such a disk, and
`daemon_on_full_disk` the daemon.
"""

import errno
import math
import os
import sys
from pathlib import Path

from daemon.disk import files, journals
from daemon.writer import log_queue
from daemon.writer.__main__ import main
from protocol.session import change_log
from protocol.session.change_log import LOG_MAGIC
from tests.fakes.holder import hold_open

__all__ = ["fill", "held_flag", "torn_flag"]

HALF = 2
"""A full disk takes the first half of what it is given."""


def held_flag(flag: Path) -> Path:
    """Return the file that says that all others are held, beside the one that says that the disk is full."""
    return flag.with_suffix(".is_held")


SHORT_BLOCK = 12
"""Frame sets of a block of the log: a run of the chaos has some of them."""


def torn_flag(flag: Path) -> Path:
    """Return the file that kills who writes the next block of a log, beside the one that says that the disk is full."""
    return flag.with_suffix(".is_torn")


def tear_logs(flag: Path) -> None:
    """End this process in the midst of the next block of a log, once, while the file is there."""
    torn, write_all = torn_flag(flag), vars(journals)["write_all"]

    def tearing_write_all(descriptor: int, data: bytes) -> None:
        if data.startswith(LOG_MAGIC) and torn.exists():
            torn.unlink()
            write_all(descriptor, data[: int.from_bytes(os.urandom(4), "little") % len(data)])
            os._exit(9)
        write_all(descriptor, data)

    vars(journals)["write_all"] = tearing_write_all
    vars(change_log)["BLOCK_SETS"] = vars(log_queue)["BATCH"] = SHORT_BLOCK


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
    tear_logs(Path(sys.argv[1]))
    main(sys.argv[2:])
