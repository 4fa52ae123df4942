"""Requests to stop: Ctrl+C, Ctrl+Break, SIGTERM, closing the console window. Shell.

The first one cancels what runs, which then ends in order. The second one interrupts that, the third ends the process:
whatever hangs, it is not the program that decides how long.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from types import FrameType
from typing import Any

__all__ = ["CLOSING_PATIENCE", "INTERRUPTED", "StopRequests", "run_until_stopped"]

INTERRUPTED = 130
"""Exit code of a program that was interrupted before it could end in order, as shells have it."""

CLOSING_PATIENCE = 4.5
"""Seconds for an orderly end when the window is closed: Windows ends the process five seconds after the click."""

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class StopRequests:
    """Cancellation of a task when somebody asks to stop.

    A context manager, in the main thread, while the task runs.

    Args:
        loop: the task's event loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._task: asyncio.Task[None] | None = None
        self._count = 0
        self._over = threading.Event()
        self._undo = contextlib.ExitStack()

    def __enter__(self) -> "StopRequests":
        """Take the signals over."""
        self._undo.enter_context(_woken_by_signals(self._loop))
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._undo.callback(signal.signal, number, signal.signal(number, self._signalled))
        self._undo.enter_context(_closing_calls(self.window_closed))
        return self

    def __exit__(self, *_error: object) -> None:
        """Give the signals back."""
        self._over.set()  # First: Windows may keep its list of handlers locked while it is in `window_closed`.
        self._undo.close()

    async def cancel_on_request(self, work: Coroutine[Any, Any, None]) -> None:
        """Run until done, or until asked to stop and ended in order."""
        self._task = asyncio.current_task()
        if self._count:
            work.close()
            return
        with contextlib.suppress(asyncio.CancelledError):
            await work

    def request(self) -> None:
        """Ask to stop, from any thread."""
        self._count += 1
        if self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)

    def window_closed(self) -> None:
        """Ask to stop because the window is closed, and wait for it: then Windows ends the process."""
        self.request()
        self._over.wait(CLOSING_PATIENCE)

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        if self._count == 0:
            self.request()
            return
        self._count += 1
        if self._count > 2:
            os._exit(INTERRUPTED)
        raise KeyboardInterrupt


def run_until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run until done or asked to stop, on a selector loop: ZeroMQ needs it on Windows.

    Raises:
        KeyboardInterrupt: somebody asked twice.
    """
    with (
        asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner,
        StopRequests(runner.get_loop()) as requests,
    ):
        runner.run(requests.cancel_on_request(work))


@contextlib.contextmanager
def _woken_by_signals(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Let a signal end the loop's waiting.

    Python runs handlers in the main thread when that comes back from the system. On Windows no signal brings it back
    from `select`: a byte that Python writes to a socket does.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for end in (ours, theirs):
            end.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        loop.add_reader(ours, _drain, ours)
        before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            loop.remove_reader(ours)


def _drain(ours: socket.socket) -> None:
    with contextlib.suppress(BlockingIOError):
        ours.recv(4096)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _CLOSED = {2, 5, 6}
    """CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT (wincon.h)."""

    @contextlib.contextmanager
    def _closing_calls(closed: Callable[[], None]) -> Iterator[None]:
        """Call `closed` in a thread of the system when the window is closed; then the process ends."""

        def handle(event: int) -> bool:
            if event not in _CLOSED:
                return False  # Ctrl+C and Ctrl+Break: Python makes signals of them.
            closed()
            return True

        handler = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)(handle)
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.SetConsoleCtrlHandler(handler, True)  # noqa: FBT003 - Windows' own signature
        try:
            yield
        finally:
            kernel.SetConsoleCtrlHandler(handler, False)  # noqa: FBT003

else:

    @contextlib.contextmanager
    def _closing_calls(_closed: Callable[[], None]) -> Iterator[None]:
        yield  # There the closing of a terminal is a signal, SIGHUP.
