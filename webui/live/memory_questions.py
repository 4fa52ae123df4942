"""Questions about recorded memory, forwarded to the daemon. Shell.

A session that is read for the first time is asked for again until it is ready.
"""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import gevent

from protocol.errors import BusyError
from webui.errors import CommandError

__all__ = ["MemoryQuestions"]

_PATIENCE = 30.0
"""Seconds for an answer, the first reading of a session included."""

_PAUSE = 0.2
"""Seconds before something that was not ready is asked for again."""

Ask = Callable[[str, Mapping[str, Any], float], Any]


class MemoryQuestions:
    """Forwards questions about memory to the daemon.

    Args:
        ask: asks the daemon: command, arguments, patience in seconds.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def answer(self, command: str, session: str, arguments: Mapping[str, Any]) -> Any:
        """Ask the daemon and return its answer.

        Args:
            command: of the bus.
            session: the session.
            arguments: the others.

        Raises:
            MessageError: the arguments cannot be encoded, or are too large.
            BusError: the daemon is not there.
            CommandError: the daemon refuses, or is not ready for so long.
        """
        until = monotonic() + _PATIENCE
        while True:
            try:
                return self._ask(command, {**arguments, "session": session}, max(_PAUSE, until - monotonic()))
            except CommandError as error:
                if error.kind != BusyError.__name__ or monotonic() + _PAUSE > until:
                    raise
            gevent.sleep(_PAUSE)
