"""The single owner of the disk: one thread that does one job after the other. Shell.

Recording comes first: a *record* job is always done before any waiting *background* job, and background work comes in
small jobs, so that no label or listing ever keeps a frame set waiting for long. Jobs of one kind run in the order in
which they were given. The event loop never waits for the disk.
"""

import asyncio
import itertools
import threading
from collections.abc import Callable
from functools import partial
from queue import PriorityQueue
from typing import Any, Protocol, TypeVar

from protocol.errors import GbatraceError, StoreError

__all__ = ["Deliver", "Store"]

T = TypeVar("T")

Job = Callable[[], Any]
Done = Callable[[Any, GbatraceError | None], None]

_RECORD, _BACKGROUND, _CLOSING = range(3)


class Deliver(Protocol):
    """Calls something on the event loop, from any thread (`loop.call_soon_threadsafe`)."""

    def __call__(self, callback: Callable[[], None], /) -> object:
        """Deliver a callback."""


class Store:
    """Runs jobs on its thread and reports each one.

    Args:
        deliver: brings a report to the event loop.
    """

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._jobs: PriorityQueue[tuple[int, int, Job, Done]] = PriorityQueue()
        self._order = itertools.count()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="store", daemon=False)
        self._thread.start()

    def record(self, job: Callable[[], None], done: Callable[[GbatraceError | None], None]) -> None:
        """Queue a job that recording depends on.

        Args:
            job: runs on the store's thread; raises `StoreError` where the disk refuses.
            done: runs on the event loop with None, or with the error.

        Raises:
            StoreError: the store is closed.
        """
        self._submit(_RECORD, job, lambda _result, error: done(error))

    async def background(self, job: Callable[[], T]) -> T:
        """Run a small job when nothing that is recorded waits.

        Args:
            job: runs on the store's thread.

        Returns:
            What the job returned.

        Raises:
            GbatraceError: what the job raised, or that the store is closed.
        """
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def done(value: T, error: GbatraceError | None) -> None:
            if result.cancelled():
                return
            if error is None:
                result.set_result(value)
            else:
                result.set_exception(error)

        self._submit(_BACKGROUND, job, done)
        return await result

    def close(self) -> None:
        """Do every job that is queued, then end the thread. Blocks until then."""
        self._submit(_CLOSING, lambda: None, lambda _result, _error: None)
        self._closed = True
        self._thread.join()

    def _submit(self, kind: int, job: Job, done: Done) -> None:
        if self._closed:
            raise StoreError("The store is closed.")
        self._jobs.put((kind, next(self._order), job, done))

    def _run(self) -> None:
        kind = _RECORD
        while kind != _CLOSING:
            kind, _, job, done = self._jobs.get()
            result: Any = None
            outcome: GbatraceError | None = None
            try:
                result = job()
            except GbatraceError as error:
                outcome = error
            except Exception as error:
                outcome = StoreError(f"gbatrace failed to store something, which is its own fault: {error!r}")
            if kind != _CLOSING:
                self._deliver(partial(done, result, outcome))
