"""Child process that ends with us, and the options of all our children. Shell.

It stops at the end of its standard input, which works alike on Windows and elsewhere and also when this process is
killed. Ctrl+C in the terminal does not reach it: this process decides the order in which things end.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from protocol.output import UTF8_OUTPUT

if TYPE_CHECKING:
    import asyncio  # A child of ours that starts another one has no event loop, and need not load it.

__all__ = ["Child", "child_options", "deliver_on"]

T = TypeVar("T")


def child_options() -> dict[str, Any]:
    """Return the keyword arguments of `subprocess.Popen` for every child process of ours.

    * What it writes is UTF-8, whatever the system's code page: "José" stays "José".
    * Windows: it has a console of its own that nobody sees. So none appears where this process has none, and neither
      Ctrl+Break nor the closing of our window ends it before us. POSIX: a session of its own does the same.
    """
    options: dict[str, Any] = {"env": {**os.environ, **UTF8_OUTPUT}}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        options["start_new_session"] = True
    return options


class Child:
    """Running child process.

    Args:
        command: program and arguments.
        on_line: called on a thread of its own with each line that the child prints, errors included.
        on_exit: called on that thread with the exit code, once everything was read.
        first_line: what the child reads first from its standard input, empty for nothing. Unlike a command line, nobody
            else on the machine sees it.
    """

    def __init__(
        self,
        command: Sequence[str],
        on_line: Callable[[str], None],
        on_exit: Callable[[int], None],
        first_line: str = "",
    ) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            **child_options(),
        )
        if first_line and self._process.stdin is not None:
            # Past the buffer: what a dead child did not take would be tried again when the pipe is closed.
            with contextlib.suppress(OSError):
                os.write(self._process.stdin.fileno(), f"{first_line}\n".encode())
        self._on_line = on_line
        self._on_exit = on_exit
        self._thread = threading.Thread(target=self._follow, name=f"child {self._process.pid}", daemon=True)
        self._thread.start()

    def kill(self) -> None:
        """Kill the child, if it still runs."""
        self._process.kill()

    def stop(self, patience: float | None) -> None:
        """Ask the child to end, kill it after `patience` seconds if any. Blocks until it has ended."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._thread.join()

    def _follow(self) -> None:
        with self._process as process:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            for line in process.stdout:
                self._on_line(line.rstrip())
        self._on_exit(process.returncode)


def deliver_on(loop: "asyncio.AbstractEventLoop", handle: Callable[[T], object]) -> Callable[[T], None]:
    """Turn a handler that belongs on an event loop into one that any thread may call."""

    def deliver(value: T) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(handle, value)

    return deliver
