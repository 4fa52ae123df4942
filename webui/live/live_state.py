"""State of the daemon as last known to the page server, kept in step with the bus. Pure.

Publications carry a running number. One that is not the next in turn means that something was lost, or that the daemon
is a new one: it waits until the daemon has been asked for its state, which has the number it includes. The messages
up to that number are dropped then, the later ones are applied, and every browser gets a fresh snapshot, because the
folders on disk hold what the bus has lost.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from protocol.bus.messages import Publication, Topic

__all__ = [
    "MAX_HELD",
    "Daemon",
    "DaemonChanged",
    "LiveState",
    "Published",
    "Resynchronised",
    "SessionsChanged",
    "Update",
]

MAX_HELD = 1024
"""Publications kept while the state is fetched; with more, it is fetched again."""


class Daemon(StrEnum):
    """State of the connection to the daemon."""

    WAITING = "waiting"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class DaemonChanged:
    """The daemon was lost."""


@dataclass(frozen=True, slots=True)
class SessionsChanged:
    """The list of sessions on disk changed."""


@dataclass(frozen=True, slots=True)
class Resynchronised:
    """The whole state was fetched anew, because publications may have been lost."""


@dataclass(frozen=True, slots=True)
class Published:
    """The next publication, in order."""

    publication: Publication


Update = DaemonChanged | SessionsChanged | Resynchronised | Published


class LiveState:
    """Daemon, link and sessions as last known.

    Args:
        now: ms since the epoch.
    """

    def __init__(self, now: int) -> None:
        self.daemon = Daemon.WAITING
        self.since = now
        """Time at which `daemon` got its value, ms since the epoch."""
        self.version = ""
        self.data_folder = ""
        self.link: Mapping[str, Any] = {}
        self.sessions: dict[str, Mapping[str, Any]] = {}
        """Summaries of the daemon's sessions by session id, newest first."""
        self.past: Sequence[Mapping[str, Any]] = ()
        """Summaries of the sessions on disk, the daemon's among them."""
        self._removed: set[str] = set()
        """Ids of the sessions that were on disk and are no longer: deleted, or renamed."""
        self._has_read_disk = False
        self.needs_state = True
        """True while the daemon must be asked for its state."""
        self._number = -1
        self._heartbeat = -1
        self._held: deque[Publication] = deque(maxlen=MAX_HELD)

    def all_sessions(self) -> list[Mapping[str, Any]]:
        """List every session, newest first.

        The daemon's own summaries win, but for sessions that were on disk and are no longer.
        """
        own = [
            summary
            for name, summary in self.sessions.items()
            if summary.get("state") != "ended" or name not in self._removed
        ]
        past = [summary for summary in self.past if summary["session_id"] not in self.sessions]
        return sorted(
            [*own, *past],
            key=lambda summary: (summary["created"], summary["session_id"]),
            reverse=True,
        )

    @property
    def knows_all_sessions(self) -> bool:
        """True once daemon and disk have told their sessions: one that is not listed is gone."""
        return self.daemon is not Daemon.WAITING and self._has_read_disk

    def take_past(self, summaries: Sequence[Mapping[str, Any]]) -> list[Update]:
        """Take the summaries of all sessions on disk."""
        names = {summary["session_id"] for summary in summaries}
        self._removed = (self._removed | {summary["session_id"] for summary in self.past}) - names
        self.past = summaries
        self._has_read_disk = True
        return [SessionsChanged()]

    def take_publication(self, publication: Publication) -> list[Update]:
        """Take a publication from the bus; returns the updates for browsers."""
        if not self.needs_state and publication.n == self._number + 1:
            self._number = publication.n
            try:
                return [self._apply(publication)]
            except (KeyError, TypeError, ValueError, AttributeError):
                return []  # It breaks the specification, and costs only itself.
        if not self.needs_state and publication.n <= self._number:
            return []
        self.needs_state = True
        self._held.append(publication)
        return []

    def take_state(self, state: Mapping[str, Any], now: int) -> list[Update]:
        """Take the answer to `state`, then apply the held publications that are newer."""
        if self.daemon is not Daemon.UP:
            self.daemon, self.since = Daemon.UP, now
        self.version = str(state["version"])
        self.data_folder = str(state["data_folder"])
        self.link = state["link"]
        self.sessions = {summary["session_id"]: summary for summary in state["sessions"]}
        self._number = self._heartbeat = int(state["n"])
        self.needs_state = False
        held, self._held = self._held, deque(maxlen=MAX_HELD)
        updates: list[Update] = [Resynchronised()]
        for publication in held:
            updates += self.take_publication(publication)
        return updates

    def take_heartbeat(self, number: int) -> None:
        """Compare the publisher's number in a heartbeat with what has come.

        All that the last heartbeat included must have come by now; a number that falls is that of a new daemon.
        """
        if number < self._heartbeat or self._number < self._heartbeat:
            self.needs_state = True
        self._heartbeat = number

    def lose_daemon(self, now: int) -> list[Update]:
        """Take note that the daemon does not answer any more."""
        self.needs_state = True
        self._held.clear()
        if self.daemon is not Daemon.UP:
            return []
        self.daemon, self.since = Daemon.DOWN, now
        return [DaemonChanged()]

    def _apply(self, publication: Publication) -> Update:
        body = publication.body
        if publication.topic == Topic.SESSION:
            summary = body["session"]
            others = {name: other for name, other in self.sessions.items() if name != publication.session}
            if summary.get("state") == "discarded":
                self.sessions = others
            elif publication.session in self.sessions:
                self.sessions = {**self.sessions, publication.session: summary}
            else:
                self.sessions = {publication.session: summary, **others}
        elif publication.topic == Topic.SET and publication.session in self.sessions:
            self.sessions[publication.session] = {**self.sessions[publication.session], **body["counts"]}
        return Published(publication)
