"""The single owner of the disk: one thread that does one job after the other. Shell.

Jobs of a session run in the order in which they were submitted. The event loop never waits for the disk.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue

from protocol.errors import StoreError

__all__ = ["Store"]

Job = Callable[[], None]
Done = Callable[[StoreError | None], None]


class Store:
    """Runs jobs on its thread and reports each one.

    Args:
        deliver: called on the store's thread with a callback that belongs on the event loop
            (`loop.call_soon_threadsafe`).
    """

    def __init__(self, deliver: Callable[[Callable[[], None]], object]) -> None:
        self._deliver = deliver
        self._jobs: SimpleQueue[tuple[Job, Done] | None] = SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="store", daemon=False)
        self._thread.start()

    def submit(self, job: Job, done: Done) -> None:
        """Queue a job.

        Args:
            job: runs on the store's thread; raises `StoreError` where the disk refuses.
            done: runs on the event loop with None, or with the error.

        Raises:
            StoreError: the store is closed.
        """
        if self._closed:
            raise StoreError("The store is closed.")
        self._jobs.put((job, done))

    def close(self) -> None:
        """Do every job that is queued, then end the thread. Blocks until then."""
        self._closed = True
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (entry := self._jobs.get()) is not None:
            job, done = entry
            outcome: StoreError | None = None
            try:
                job()
            except StoreError as error:
                outcome = error
            except Exception as error:
                outcome = StoreError(f"gbatrace failed to store something, which is its own fault: {error!r}")
            self._deliver(_report(done, outcome))


def _report(done: Done, outcome: StoreError | None) -> Callable[[], None]:
    return lambda: done(outcome)
