"""Supervisor of the writer's process, and the daemon's end of its socket. Shell.

What was not reported when it died is given to the next one: an emulator notices nothing but a late acknowledgement.
"""

import asyncio
import contextlib
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from daemon.disk.durability import Durability
from daemon.processes.joined_process import end_process, start_joined
from daemon.processes.writer_queue import Done, WriterQueue
from daemon.writer.jobs import Job, ReportReader
from protocol.errors import StoreError

__all__ = ["WriterProcess", "writer_command"]

_ROOM = 1 << 20
"""Bytes that wait for the writer in addition to the system's own buffer: a dozen frame sets."""

_BUFFER = 1 << 19
"""Bytes that we ask the system to hold; it may give less."""

_PIECE = 1 << 13
"""Bytes of reports that are read at a time: hundreds."""

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_STOP_PATIENCE = 60.0
"""Seconds in which the writer must have stored everything when the daemon ends."""

_SETTLED = 10.0
"""Seconds after which a writer that died is started again at once."""


def writer_command(data_folder: Path, durability: Durability) -> list[str]:
    """Return the command line of the writer."""
    return [sys.executable, "-m", "daemon.writer", str(data_folder), durability.value]


class WriterProcess(asyncio.BufferedProtocol):
    """Supervisor of the writer. You must `start` it, and `close` it at the end.

    Args:
        command: the command line of the writer.
        report: shows a line to the person at the keyboard.
    """

    def __init__(self, command: Sequence[str], report: Callable[[str], None]) -> None:
        self._command = list(command)
        self._report = report
        self._queue = WriterQueue()
        self._reports = ReportReader()
        self._received = memoryview(bytearray(_PIECE))
        self._process: subprocess.Popen[bytes] | None = None
        self._transport: asyncio.Transport | None = None
        self._started = 0.0
        self._pause = _FIRST_PAUSE
        self._is_full = False
        self._is_closing = False
        self._is_given_up = False
        self._restart: asyncio.Task[None] | None = None
        self._answered = 0.0
        self._disconnected = asyncio.Event()
        self._empty = asyncio.Event()

    async def start(self) -> None:
        """Start the writer. Jobs that it is given before it is ready wait.

        Raises:
            OSError: it cannot be started.
        """
        loop = asyncio.get_running_loop()
        self._started = loop.time()
        self._process, joined = await start_joined(self._command)
        for direction in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            joined.setsockopt(socket.SOL_SOCKET, direction, _BUFFER)
        joined.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        self._reports = ReportReader()
        self._is_full = False
        self._disconnected.clear()
        await loop.connect_accepted_socket(lambda: self, joined)

    def submit(self, job: Job, done: Done) -> None:
        """Give the writer a job when it has room for it.

        Args:
            job: what is asked.
            done: called when it is done, or refused.

        Raises:
            StoreError: the daemon is ending.
        """
        if self._is_closing:
            raise StoreError("The writer of the recording was stopped.")
        if not len(self._queue):
            self._answered = asyncio.get_running_loop().time()
        self._queue.add(job, done)
        self._send_jobs()

    async def perform(self, job: Job) -> None:
        """Give the writer a job and wait for it.

        Raises:
            StoreError: the disk refused, or the daemon is ending.
        """
        reported: asyncio.Future[StoreError | None] = asyncio.get_running_loop().create_future()

        def done(error: StoreError | None) -> None:
            if not reported.cancelled():
                reported.set_result(error)

        self.submit(job, done)
        error = await reported
        if error is not None:
            raise error

    def silence(self) -> float:
        """Return for how many seconds jobs have waited without any report; 0 where none waits."""
        return asyncio.get_running_loop().time() - self._answered if len(self._queue) else 0.0

    async def close(self) -> None:
        """Wait until every job is reported, then end the writer, which lets go of its sessions."""
        self._is_closing = True
        while len(self._queue) and not self._is_given_up:
            self._empty.clear()
            await self._empty.wait()
        if self._restart is not None and not self._is_given_up:
            await self._restart
        if self._transport is not None and self._transport.can_write_eof():
            self._transport.write_eof()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._disconnected.wait(), _STOP_PATIENCE)
        if self._transport is not None:
            self._transport.abort()
        await self._end_process()

    def give_up(self) -> None:
        """Kill a writer that is stuck, and stop waiting for what it has not reported."""
        self._is_given_up = self._is_closing = True
        if self._process is not None:
            self._process.kill()
        self._empty.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the writer what waits for it."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a stream socket is given
        self._transport = transport
        transport.set_write_buffer_limits(_ROOM)
        self._send_jobs()

    def pause_writing(self) -> None:
        """Send nothing more for now: the writer has enough to do."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Send on: the writer has room again."""
        self._is_full = False
        self._send_jobs()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - the loop's own signature
        """Return where to put what comes."""
        return self._received

    def buffer_updated(self, nbytes: int) -> None:
        """Pass on the reports of jobs."""
        self._answered = asyncio.get_running_loop().time()
        for session, refusal, notice in self._reports.receive_data(self._received[:nbytes]):
            if notice:
                self._report(notice)
            done, error = self._queue.reported(session, refusal)
            done(error)
        self._send_jobs()
        if not len(self._queue):
            self._empty.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - how does not matter
        """Start another writer: this one has died, or will in a moment."""
        self._transport = None
        self._disconnected.set()
        if not self._is_given_up and not (self._is_closing and not len(self._queue)):
            self._restart = asyncio.create_task(self._start_again())

    def _send_jobs(self) -> None:
        while self._transport is not None and not self._is_full:
            data = self._queue.next_bytes()
            if data is None:
                return
            self._transport.write(data)

    async def _start_again(self) -> None:
        why = await self._end_process()
        if asyncio.get_running_loop().time() - self._started > _SETTLED:
            self._pause = _FIRST_PAUSE
        self._report(f"The writer of the recording ended ({why}); it is started again, and nothing is lost.")
        given_up = self._queue.writer_died()
        if given_up is not None:
            done, error = given_up
            asyncio.get_running_loop().call_soon(done, error)  # Whatever comes of it, there is a writer again.
        await asyncio.sleep(self._pause)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        try:
            await self.start()
        except OSError as error:
            self._report(f"The writer of the recording cannot be started ({error}).")
            self._restart = asyncio.create_task(self._start_again())

    async def _end_process(self) -> str:
        """Wait for the end of the process, or bring it about; return how it ended."""
        process, self._process = self._process, None
        return await asyncio.to_thread(end_process, process, 1.0) if process is not None else "it was not there"
