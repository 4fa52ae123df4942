"""Session that is searched: its history, and what search and finder remember. Shell."""

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from daemon.analysis.candidates import Order
from daemon.analysis.filters import ChangesWith
from daemon.analysis.history import History
from daemon.analysis.moments import End, LabelEdge, LabelValue, Moment
from daemon.analysis.predicates import no_names
from daemon.analysis.search import Search, SearchEngine, SearchResult
from daemon.analysis.session_history import RecordedSession, SessionHistory
from daemon.analysis.set_labels import SetLabels
from daemon.finding.evidence import Query
from daemon.finding.found import Found
from daemon.suggesting.snapping import label_moves
from daemon.suggesting.suggester import Suggester
from daemon.suggesting.suggestions import Suggestions
from protocol.changes import I64, U8

if TYPE_CHECKING:
    # It takes a while to load: the first search, for which this process may have been started, does without.
    from daemon.finding.session_finder import SessionFinder

__all__ = ["SearchedSession"]


class SearchedSession:
    """Session that is searched, for several threads; `refresh` for one at a time.

    Args:
        history: of the session.
        address_of: finds the bus address of a name of its game; raises an error of ours where there is none.
    """

    def __init__(self, history: SessionHistory, address_of: Callable[[str], int] = no_names) -> None:
        self._history = history
        self._address_of = address_of
        self._turn = threading.Lock()
        self._engine: SearchEngine | None = None
        self._labels: SetLabels | None = None
        self._searched: tuple[object, ...] = ()
        self._finding = threading.Lock()
        self._finder: SessionFinder | None = None
        self._suggesting = threading.Lock()
        self._suggester = Suggester(self._pictures_of)

    @property
    def now(self) -> RecordedSession:
        """The session with all that the last `refresh` found."""
        return self._history.now

    def refresh(self) -> None:
        """Take what was stored since the last time.

        Raises:
            SessionError: the session is no longer there, or cannot be read.
        """
        self._history.refresh()

    def warm_up(self) -> None:
        """Search without a filter, which keeps what every search needs, and load what finds."""
        self.search(Search(), End.LAST, Order.INTEREST, limit=0)
        with self._finding:
            self._finder_of(self.now)

    def search(self, search: Search, at: Moment, order: Order, limit: int) -> SearchResult:
        """Run a search; one at a time.

        Raises:
            AnalysisError: as `SearchEngine.search`.
        """
        with self._turn:
            recorded = self.now
            if self._engine is None:
                self._engine = SearchEngine(recorded, self._address_of)
            # Labels are read where a filter is about them alone: there is a file of them for each frame set.
            if _is_about_labels(search):
                self._labels = recorded.label_reader.labels(recorded.timeline.numbers)
            searched = (recorded, self._labels, *map(self._address_of, _names_in(search)))
            if searched != self._searched:
                self._engine.renew(recorded)
                self._searched = searched
            return self._engine.search(search, at=at, order=order, limit=limit)

    def find(self, query: Query, limit: int) -> Found:
        """Find the variable of a query; one at a time.

        Raises:
            GbatraceError: as `SessionFinder.find`.
        """
        with self._finding:
            recorded = self.now
            return self._finder_of(recorded).find(recorded, query, limit)

    def suggestions(self, field: str) -> Suggestions:
        """Suggest labels of a field; one question at a time.

        Raises:
            SessionError: the labels cannot be read.
        """
        with self._suggesting:
            recorded = self.now
            return self._suggester.suggestions(recorded.history, field, recorded.values_of_labels(field))

    def snaps(self, field: str, numbers: Collection[int] | None) -> list[dict[str, Any]]:
        """Find where ends of labelled runs belong; one question at a time.

        Args:
            field: of the labels.
            numbers: frame sets whose runs are meant; None for all runs.

        Returns:
            The moves as the bus has them.

        Raises:
            SessionError: the labels cannot be read.
            MomentError: the recording does not have one of the frame sets.
        """
        with self._suggesting:
            recorded = self.now
            timeline = recorded.timeline
            chosen = None if numbers is None else [timeline.place_of(number) for number in numbers]
            values = recorded.values_of_labels(field)
            found = self._suggester.snaps(recorded.history, field, values, chosen)
            return label_moves(values, found, timeline.numbers.tolist())

    def _finder_of(self, recorded: RecordedSession) -> "SessionFinder":
        if self._finder is None:
            from daemon.finding.session_finder import SessionFinder  # noqa: PLC0415 - see above

            self._finder = SessionFinder(recorded)
        return self._finder

    def _pictures_of(self, history: History, places: I64) -> Sequence[U8 | None]:
        """Return small pictures of frame sets by their places."""
        return self.now.pictures.of(history.timeline.numbers[places].tolist())


def _names_in(search: Search) -> list[str]:
    """List the names whose addresses the filters need."""
    filters = [each.filter for each in search.filters if each.on]
    return [each.target for each in filters if isinstance(each, ChangesWith) and isinstance(each.target, str)]


def _is_about_labels(search: Search) -> bool:
    return any(_mentions_label(each.filter) for each in search.filters if each.on)


def _mentions_label(part: object) -> bool:
    """Return whether a filter, or a part of one, names a label."""
    if isinstance(part, LabelValue | LabelEdge):
        return True
    return any(_mentions_label(getattr(part, item.name)) for item in fields(part)) if is_dataclass(part) else False
