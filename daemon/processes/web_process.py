"""Supervisor of the live page's process: starts it, and again when it dies. Shell.

Recording never depends on it.
"""

import asyncio
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

from daemon.access.keys import new_page_secret
from daemon.console.terminal import Terminal
from daemon.processes.child import Child, deliver_on
from protocol.bus.page_secret import PageSecret
from protocol.errors import GbatraceError, SettingsError

__all__ = ["WebProcess"]

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 10.0
_STOP_PATIENCE = 5.0
_UNUSABLE = 2
"""Exit code of a page that something of the user's keeps from starting."""

_READY = "page: "
_INVITATION = "invitation: "


class WebProcess:
    """Supervisor of `python -m webui`.

    Args:
        terminal: where its lines go.
        bus: endpoints of PUB and ROUTER.
        host: address of the page.
        port: port of the page; 0 takes any free one, and the same again when the page is started again.
        secret: what lets other devices in; goes by standard input, which nobody else sees.
        invited: called with each invitation that the page makes.
    """

    def __init__(
        self,
        terminal: Terminal,
        bus: tuple[str, str],
        host: str,
        port: int,
        secret: PageSecret | None = None,
        invited: Callable[[str], None] = lambda _token: None,
    ) -> None:
        self._terminal = terminal
        self._command = [
            *(sys.executable, "-m", "webui", "--exit-with-stdin", "--secret-from-stdin"),
            *("--bus-pub", bus[0], "--bus-router", bus[1], "--web-host", host),
        ]
        self._port = port
        self._secret = secret or new_page_secret()
        self._invited = invited
        self._loop = asyncio.get_running_loop()
        self._address: asyncio.Future[str] = self._loop.create_future()
        self._child: Child | None = None
        self._last_line = ""
        self._pause = _FIRST_PAUSE
        self._stopping = False

    async def start(self) -> str:
        """Start the page.

        Returns:
            Its address.

        Raises:
            GbatraceError: it does not start; the sentence is its own.
        """
        self._start_child()
        try:
            return await self._address
        except asyncio.CancelledError:
            self._stopping = True
            raise

    async def stop(self) -> None:
        """End the page."""
        self._stopping = True
        if self._child is not None:
            await asyncio.to_thread(self._child.stop, _STOP_PATIENCE)

    def _start_child(self) -> None:
        if not self._stopping:
            self._child = Child(
                [*self._command, "--web-port", str(self._port)],
                deliver_on(self._loop, self._line),
                deliver_on(self._loop, self._exited),
                self._secret.as_line(),
            )

    def _line(self, line: str) -> None:
        if line.startswith(_INVITATION):
            self._invited(line.removeprefix(_INVITATION))
            return
        if not line.startswith(_READY):
            self._last_line = line
            return
        if self._stopping:
            return
        self._pause = _FIRST_PAUSE
        if not self._address.done():
            address = line.removeprefix(_READY)
            self._port = urlsplit(address).port or self._port
            self._address.set_result(address)
        else:
            self._terminal.line("The live page is back.")

    def _exited(self, code: int) -> None:
        if self._stopping:
            return
        if not self._address.done():
            error = SettingsError if code == _UNUSABLE else GbatraceError
            self._address.set_exception(error(self._last_line or f"The live page ended with code {code}."))
            return
        self._terminal.line(f"The live page ended ({self._last_line or f'code {code}'}); it is started again.")
        self._loop.call_later(self._pause, self._start_child)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
