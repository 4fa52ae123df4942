"""Finder of variables in a session that is recorded and labelled on. Shell: it reads labels."""

from daemon.analysis.session_history import RecordedSession
from daemon.finding.evidence import Query
from daemon.finding.finder import Finder
from daemon.finding.found import Found
from protocol.bus.memory_questions import DEFAULT_FOUND

__all__ = ["SessionFinder"]


class SessionFinder:
    """Finder in a session; for one thread at a time.

    Args:
        recorded: the session as it is now.
    """

    def __init__(self, recorded: RecordedSession) -> None:
        self._finder = Finder(recorded.history)

    def find(self, recorded: RecordedSession, query: Query, limit: int = DEFAULT_FOUND) -> Found:
        """Find the variable of a query.

        Args:
            recorded: the session as it is now: with what was recorded and labelled since the last time.
            query: what is known of it.
            limit: candidates to list.

        Raises:
            EvidenceError: some of it cannot be used on this recording.
            SessionError: the labels cannot be read.
        """
        self._finder.renew(recorded.history)
        return self._finder.find(query, limit)
