"""`python -m daemon.writer`: does what arrives on its socket until that ends. Shell.

Ctrl+C is not for it: the daemon decides when everything is stored, and then ends the socket.
"""

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from daemon.disk.durability import Durability, Unsynced
from daemon.writer.jobs import JobReader, report_bytes
from daemon.writer.joining import join
from daemon.writer.recordings import Recordings

__all__ = ["main", "write_what_comes"]

_PIECE = 1 << 18
"""Bytes that are read from the socket at a time: a few frame sets."""


def write_what_comes(joined: socket.socket, recordings: Recordings) -> None:
    """Do jobs and report them until the other end closes the socket, or is gone; then everything that had come."""
    reader = JobReader()
    piece = memoryview(bytearray(_PIECE))
    nobody_listens = False
    while length := _receive(joined, piece):
        for job, again in reader.receive_data(piece[:length]):
            report = report_bytes(recordings.perform(job, again=again))
            if not nobody_listens:
                try:
                    joined.sendall(report)
                except OSError:
                    nobody_listens = True


def main(arguments: Sequence[str] | None = None) -> None:
    """Own the files of a data folder: its path and the durability are the two arguments."""
    data_folder, durability = sys.argv[1:] if arguments is None else arguments
    for name in ("SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    with join() as joined:
        unsynced = Unsynced(Durability(durability))
        if unsynced.remembers and hasattr(os, "sync"):
            os.sync()  # What a writer that was killed had not forced out.
        recordings = Recordings(Path(data_folder), unsynced)
        try:
            write_what_comes(joined, recordings)
        finally:
            recordings.close()


def _receive(joined: socket.socket, piece: memoryview) -> int:
    with contextlib.suppress(ConnectionError):
        return joined.recv_into(piece)
    return 0


if __name__ == "__main__":
    main()
