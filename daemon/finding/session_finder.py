"""Finder of variables in a session that is recorded and labelled on. Shell: it reads labels."""

from daemon.analysis.session_history import RecordedSession
from daemon.finding.evidence import Query
from daemon.finding.finder import Finder
from daemon.finding.found import Found
from daemon.finding.state_scorer import StateScorer
from protocol.bus.memory_questions import DEFAULT_FOUND
from protocol.errors import EvidenceError
from protocol.session.annotations import TEXT_FIELDS

__all__ = ["SessionFinder"]


class SessionFinder:
    """Finder in a session; for one thread at a time.

    Args:
        recorded: the session as it is now.
    """

    def __init__(self, recorded: RecordedSession) -> None:
        self._recorded = recorded
        self._finder = Finder(recorded.history, [StateScorer(self._values_of)])

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
        self._recorded = recorded
        self._finder.renew(recorded.history)
        return self._finder.find(query, limit)

    def _values_of(self, field: str) -> list[str]:
        """Return a label field's value in each frame set, empty where there is none.

        Raises:
            EvidenceError: the field does not hold a single text.
            SessionError: the labels cannot be read.
        """
        if field not in TEXT_FIELDS:
            raise EvidenceError(f"A variable tells one value of a field, not its {field}: {', '.join(TEXT_FIELDS)}.")
        return self._recorded.values_of_labels(field)
