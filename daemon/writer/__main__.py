"""Entry of the writer: jobs of its socket are carried out until that ends. Shell.

Ctrl+C is not for it: the daemon decides when everything is stored, and then ends the socket.
"""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from daemon.disk.durability import Durability, Unsynced
from daemon.machine.parent_socket import ignore_interrupts, is_readable, join
from daemon.writer.held_jobs import HeldJobs
from daemon.writer.jobs import JobReader, report_bytes
from daemon.writer.recordings import Recordings

__all__ = ["main", "serve_jobs"]

_PIECE = 1 << 18
"""Bytes that are read from the socket at a time: a few frame sets."""


def serve_jobs(joined: socket.socket, recordings: Recordings) -> None:
    """Carry out jobs and report them until the socket ends, then finish those that arrived.

    While none waits, the logs of changes are worked on.
    """
    reader = JobReader()
    held = HeldJobs(lambda job, again: recordings.perform(job, again=again))
    piece = memoryview(bytearray(_PIECE))
    reports = _Reports(joined, recordings)
    while (length := _receive(joined, piece, held, recordings)) != 0:
        for job, again in reader.receive_data(piece[: length or 0]):
            reports.send(held.take(job, time.monotonic(), again=again))
        reports.send(held.retry(time.monotonic()))
    while (due := held.next_due()) is not None:
        time.sleep(max(0.0, due - time.monotonic()))
        reports.send(held.retry(time.monotonic()))


class _Reports:
    """Our direction of the socket, until the other end is closed."""

    def __init__(self, joined: socket.socket, recordings: Recordings) -> None:
        self._joined: socket.socket | None = joined
        self._recordings = recordings

    def send(self, reports: Iterable[tuple[str, str]]) -> None:
        for session, refusal in reports:
            if self._joined is not None:
                try:
                    self._joined.sendall(report_bytes(session, refusal, self._recordings.take_notice(session)))
                except OSError:
                    self._joined = None


def main(arguments: Sequence[str] | None = None) -> None:
    """Own the files of a data folder: its path and the durability are the two arguments."""
    data_folder, durability = sys.argv[1:] if arguments is None else arguments
    ignore_interrupts()
    with join() as joined:
        unsynced = Unsynced(Durability(durability))
        if unsynced.remembers and hasattr(os, "sync"):
            os.sync()  # What a writer that was killed had not forced out.
        recordings = Recordings(Path(data_folder), unsynced)
        try:
            serve_jobs(joined, recordings)
        finally:
            recordings.close()


def _receive(joined: socket.socket, piece: memoryview, held: HeldJobs, recordings: Recordings) -> int | None:
    """Wait for jobs; return how many bytes came, 0 at the end, None if a held job is due first."""
    due = held.next_due()
    while recordings.is_log_due and not is_readable(joined, 0):
        if due is not None and due <= time.monotonic():
            return None
        recordings.work_on_logs()
    if due is not None and not is_readable(joined, max(0.0, due - time.monotonic())):
        return None
    with contextlib.suppress(ConnectionError):
        return joined.recv_into(piece)
    return 0


if __name__ == "__main__":
    main()
