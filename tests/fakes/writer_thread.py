"""The writer on a thread of this process, where a test can reach its disk."""

import io
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from daemon.disk.durability import Durability, Unsynced
from daemon.writer.__main__ import serve_jobs
from daemon.writer.recordings import Recordings

__all__ = ["write_on_a_thread"]


class WriterThread:
    """Stands for the process."""

    pid = 0
    returncode = 0

    def __init__(self, joined: socket.socket, recordings: Recordings) -> None:
        self.stderr = io.BytesIO()
        self._joined, self._recordings = joined, recordings
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait(self, timeout: float | None = None) -> int:
        self._thread.join(timeout)
        return 0

    def kill(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.join()

    def _run(self) -> None:
        with self._joined:
            serve_jobs(self._joined, self._recordings)
            self._recordings.close()


def write_on_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the writers of this test be threads."""

    async def start(command: Sequence[str]) -> tuple[WriterThread, socket.socket]:
        ours, theirs = socket.socketpair()
        *_, data_folder, durability = command
        return WriterThread(theirs, Recordings(Path(data_folder), Unsynced(Durability(durability)))), ours

    monkeypatch.setattr("daemon.processes.writer_process.start_joined", start)
