"""Worker thread for small jobs on files that no emulator waits for, labels above all. Shell."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from protocol.errors import FileHeldError, GbatraceError, StoreError
from protocol.held_files import pauses
from protocol.wording import own_fault

__all__ = ["Background"]

T = TypeVar("T")


class Background:
    """Queue of jobs in front of one thread; a job that meets a held file is retried later."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._closed = False

    async def run(self, job: Callable[[], T], *, repeatable: bool = True) -> T:
        """Run a small job and wait for it.

        While another program holds a file of the job, it is run again and again, and others in between: it waits here
        and not on the thread.

        Args:
            job: what to do.
            repeatable: whether it can be done once more after a `FileHeldError`.

        Returns:
            What the job returned.

        Raises:
            GbatraceError: what the job raised, or that everything is over.
        """
        for pause in pauses() if repeatable else ():
            with contextlib.suppress(FileHeldError):
                return await self._run_once(job)
            await asyncio.sleep(pause)
        return await self._run_once(job)

    def close(self) -> None:
        """Do every job that is queued, then end the thread. Blocks until then."""
        self._closed = True
        self._thread.shutdown()

    async def _run_once(self, job: Callable[[], T]) -> T:
        if self._closed:
            raise StoreError("The daemon is ending.")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, job)
        except GbatraceError:
            raise
        except Exception as error:
            raise StoreError(own_fault("store something", error)) from error
