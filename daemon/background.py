"""One thread for small jobs on files that no emulator waits for: labels, above all. Shell."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from protocol.errors import GbatraceError, StoreError

__all__ = ["Background"]

T = TypeVar("T")


class Background:
    """Runs jobs one after the other, in the order in which they were given."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._closed = False

    async def run(self, job: Callable[[], T]) -> T:
        """Run a small job and wait for it.

        Returns:
            What the job returned.

        Raises:
            GbatraceError: what the job raised, or that everything is over.
        """
        if self._closed:
            raise StoreError("The daemon is ending.")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, job)
        except GbatraceError:
            raise
        except Exception as error:
            raise StoreError(f"gbatrace failed to store something, which is its own fault: {error!r}") from error

    def close(self) -> None:
        """Do every job that is queued, then end the thread. Blocks until then."""
        self._closed = True
        self._thread.shutdown()
