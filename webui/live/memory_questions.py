"""Questions about recorded memory, forwarded to the daemon. Shell.

A session that is read for the first time is asked for again until it is ready. The daemon gets a few questions at a
time; the others wait here, in order, so that those of browsers that went away meanwhile are never asked. Browsers that
look at the same thing ask the same: while such a question waits, one answer is for all of them.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import gevent
from gevent.event import AsyncResult
from gevent.lock import BoundedSemaphore

from protocol.bus.memory_questions import READING
from protocol.errors import BusyError, MessageError
from protocol.packing import pack
from webui.errors import BrowserGoneError, BusError, CommandError

__all__ = ["MemoryQuestions"]

_PATIENCE = 30.0
"""Seconds for an answer, the first reading of a session included."""

_PAUSE = 0.2
"""Seconds before something that was not ready is asked for again."""

_MAX_ASKED = 4
"""Questions that the daemon has at a time: those that its analysis works on, and the next."""


@dataclass(slots=True, eq=False)
class _Shared:
    """Question that waits for its turn, and those who ask it."""

    askers: list[Callable[[], bool]]
    outcome: "AsyncResult[Any]" = field(default_factory=AsyncResult)


Ask = Callable[[str, Mapping[str, Any], float], Any]


class MemoryQuestions:
    """Forwards questions about memory to the daemon.

    Args:
        ask: asks the daemon: command, arguments, patience in seconds.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._turns = BoundedSemaphore(_MAX_ASKED)
        self._waiting: dict[tuple[str, bytes], _Shared] = {}

    def prepare(self, session: str) -> None:
        """Tell the daemon, if it is there, that somebody looks at a session and may soon ask."""
        with suppress(MessageError, BusError, CommandError):
            self._ask("prepare", {"session": session}, _PATIENCE)

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
        arguments = {**arguments, "session": session}
        if command not in READING:
            return self._answer(command, arguments, is_gone)
        key = command, pack(arguments)
        shared = self._waiting.get(key)
        if shared is not None:
            shared.askers.append(is_gone)
            return shared.outcome.get()
        shared = self._waiting[key] = _Shared([is_gone])

        def begin() -> bool:
            """Let nobody join any more: the answer has what was stored when it was asked."""
            self._waiting.pop(key, None)
            return all(each() for each in shared.askers)

        try:
            shared.outcome.set(self._answer(command, arguments, begin))
        except BaseException as error:
            shared.outcome.set_exception(error)
        finally:
            if self._waiting.get(key) is shared:
                del self._waiting[key]
        return shared.outcome.get()

    def _answer(self, command: str, arguments: Mapping[str, Any], is_gone: Callable[[], bool]) -> Any:
        until = monotonic() + _PATIENCE
        while True:
            if not self._turns.acquire(timeout=max(0, until - monotonic())):
                raise BusyError("Other questions about memory are being answered: ask again in a moment.")
            try:
                if is_gone():
                    raise BrowserGoneError("The browser went away before its question was asked.")
                return self._ask(command, arguments, max(_PAUSE, until - monotonic()))
            except CommandError as error:
                if error.kind != BusyError.__name__ or monotonic() + _PAUSE > until:
                    raise
            finally:
                self._turns.release()
            gevent.sleep(_PAUSE)
