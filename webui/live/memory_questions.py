"""Questions about recorded memory, forwarded to the daemon. Shell.

A session that is read for the first time is asked for again until it is ready. The daemon gets a few questions at a
time; the others wait here, in order, so that those of browsers that went away meanwhile are never asked.
"""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import gevent
from gevent.lock import BoundedSemaphore

from protocol.errors import BusyError
from webui.errors import BrowserGoneError, CommandError

__all__ = ["MemoryQuestions"]

_PATIENCE = 30.0
"""Seconds for an answer, the first reading of a session included."""

_PAUSE = 0.2
"""Seconds before something that was not ready is asked for again."""

_MAX_ASKED = 4
"""Questions that the daemon has at a time: those that its analysis works on, and the next."""

Ask = Callable[[str, Mapping[str, Any], float], Any]


class MemoryQuestions:
    """Forwards questions about memory to the daemon.

    Args:
        ask: asks the daemon: command, arguments, patience in seconds.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._turns = BoundedSemaphore(_MAX_ASKED)

    def answer(
        self,
        command: str,
        session: str,
        arguments: Mapping[str, Any],
        is_gone: Callable[[], bool] = lambda: False,
    ) -> Any:
        """Ask the daemon and return its answer.

        Args:
            command: of the bus.
            session: the session.
            arguments: the others.
            is_gone: says whether nobody waits for the answer any more.

        Raises:
            MessageError: the arguments cannot be encoded, or are too large.
            BusError: the daemon is not there.
            CommandError: the daemon refuses, or is not ready for so long.
            BusyError: other questions took so long.
            BrowserGoneError: nobody waits for the answer any more.
        """
        until = monotonic() + _PATIENCE
        while True:
            if not self._turns.acquire(timeout=max(0, until - monotonic())):
                raise BusyError("Other questions about memory are being answered: ask again in a moment.")
            try:
                if is_gone():
                    raise BrowserGoneError("The browser went away before its question was asked.")
                return self._ask(command, {**arguments, "session": session}, max(_PAUSE, until - monotonic()))
            except CommandError as error:
                if error.kind != BusyError.__name__ or monotonic() + _PAUSE > until:
                    raise
            finally:
                self._turns.release()
            gevent.sleep(_PAUSE)
