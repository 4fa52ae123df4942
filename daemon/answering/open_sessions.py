"""Cache of the few sessions used last, with their histories. Shell, for several threads.

Reading a session that has no index yet takes its time. That happens on a thread of its own: questions wait a moment for
it and are then refused, so that they hold no other back.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

from protocol.errors import BusyError

__all__ = ["MAX_OPEN", "PATIENCE", "OpenSessions", "Refreshable"]

MAX_OPEN = 4
"""Sessions that are kept open, or are being opened."""

PATIENCE = 2.0
"""Seconds that a question waits for its session."""


class Refreshable(Protocol):
    """A session's history that can take what was stored since."""

    def refresh(self) -> object:
        """Take what was stored since the last time."""

    def warm_up(self) -> object:
        """Do ahead what the first question would wait for."""


_History = TypeVar("_History", bound=Refreshable)


class _Opened(Generic[_History]):
    def __init__(self, history: _History) -> None:
        self.history = history
        self.turn = threading.Lock()


class OpenSessions(Generic[_History]):
    """Cache of open histories by the names of their sessions.

    Args:
        open_history: opens the history of a session; may take minutes.
        patience: as `PATIENCE`.
    """

    def __init__(self, open_history: Callable[[str], _History], patience: float = PATIENCE) -> None:
        self._open = open_history
        self._patience = patience
        self._turn = threading.Lock()
        self._sessions: dict[str, Future[_Opened[_History]]] = {}
        self._opener = ThreadPoolExecutor(1, thread_name_prefix="opening")

    def refreshed(self, session: str) -> _History:
        """Return the history of a session with all that is stored by now.

        Raises:
            BusyError: it is not ready yet, or too many others are not.
            GbatraceError: what opening or refreshing raised; the next question tries again.
        """
        with self._turn:
            opening = self._sessions.pop(session, None)
            if opening is None:
                self._make_room()
                opening = self._opener.submit(lambda: _Opened(self._open(session)))
            self._sessions[session] = opening  # At the end: it is the last used.
        try:
            return self._refresh(session, opening.result(self._patience))
        except TimeoutError:
            raise _not_ready(session) from None
        except BusyError:
            raise
        except Exception:
            self._forget(session, opening)
            raise

    def prepare(self, session: str) -> None:
        """Begin to open a session, where there is room, and warm it up; a failure is told to nobody."""
        with self._turn:
            if session in self._sessions or len(self._sessions) >= MAX_OPEN:
                return
            opening = self._sessions[session] = self._opener.submit(lambda: _Opened(self._open(session)))
        opening.add_done_callback(lambda done: self._forget(session, done) if done.exception() else None)
        self._opener.submit(_warm_up, opening)

    def _refresh(self, session: str, opened: _Opened[_History]) -> _History:
        if not opened.turn.acquire(timeout=self._patience):
            raise _not_ready(session)
        try:
            opened.history.refresh()
        finally:
            opened.turn.release()
        return opened.history

    def _make_room(self) -> None:
        ready = [name for name, opening in self._sessions.items() if opening.done()]
        for name in ready[: max(0, len(self._sessions) - MAX_OPEN + 1)]:
            del self._sessions[name]
        if len(self._sessions) >= MAX_OPEN:
            raise BusyError(f"{MAX_OPEN} sessions are being read for the first time: ask again in a moment.")

    def _forget(self, session: str, opening: "Future[_Opened[_History]]") -> None:
        with self._turn:
            if self._sessions.get(session) is opening:
                del self._sessions[session]


def _warm_up(opening: "Future[_Opened[_History]]") -> None:
    opening.result().history.warm_up()


def _not_ready(session: str) -> BusyError:
    return BusyError(f"Session {session[:60]} is being read for the first time: ask again in a moment.")
