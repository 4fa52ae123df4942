"""Queries kept with a session, in its `searches.json`: they survive a reload. Shell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from daemon.analysis.saved_searches import SavedSearches, edit_searches, read_saved_searches
from daemon.finding.evidence import MAX_NAME, Query
from protocol.errors import EvidenceError, GbatraceError, SessionError
from protocol.session.layout import SessionFolder
from protocol.wording import sentence

__all__ = ["MAX_QUERIES", "SavedQueries", "read_queries", "remove_query", "save_query"]

MAX_QUERIES = 200
"""Most queries of a session."""


@dataclass(frozen=True, slots=True)
class SavedQueries:
    """Queries by their names, in the order in which they were first kept."""

    queries: Mapping[str, Query] = field(default_factory=dict)

    def named(self, name: str) -> Query:
        """Return the query of a name.

        Raises:
            EvidenceError: there is none; the sentence lists those that there are.
        """
        if name not in self.queries:
            names = ", ".join(self.queries) or "none"
            raise EvidenceError(f"There is no evidence for {name[:MAX_NAME]!r}; kept with this session: {names}.")
        return self.queries[name]

    def saved(self, query: Query) -> "SavedQueries":
        """Return these queries with one more, or with another of that name.

        Raises:
            EvidenceError: there are too many.
        """
        if query.name not in self.queries and len(self.queries) >= MAX_QUERIES:
            raise EvidenceError(f"A session keeps at most {MAX_QUERIES:,} queries: remove some first.")
        return SavedQueries({**self.queries, query.name: query})

    def removed(self, name: str) -> "SavedQueries":
        """Return these queries without one.

        Raises:
            EvidenceError: there is none of that name.
        """
        self.named(name)
        return SavedQueries({key: query for key, query in self.queries.items() if key != name})

    def as_map(self) -> dict[str, Any]:
        """Return the queries as the bus holds them."""
        return {"queries": [query.as_map() for query in self.queries.values()]}


def read_queries(folder: SessionFolder) -> SavedQueries:
    """Read the queries of a session; none where none was kept.

    Raises:
        SessionError: the file cannot be read or understood.
    """
    return _parse(read_saved_searches(folder))


def save_query(folder: SessionFolder, query: Query) -> SavedQueries:
    """Keep a query with a session; one of the same name is replaced.

    Raises:
        EvidenceError: there are too many.
        SessionError: what is kept there cannot be read; nothing is written then.
        StoreError: the disk refuses.
    """
    return _edit(folder, lambda queries: queries.saved(query))


def remove_query(folder: SessionFolder, name: str) -> SavedQueries:
    """Remove a query from a session.

    Raises:
        EvidenceError: there is none of that name.
        SessionError: what is kept there cannot be read; nothing is written then.
        StoreError: the disk refuses.
    """
    return _edit(folder, lambda queries: queries.removed(name))


def _edit(folder: SessionFolder, change: Callable[[SavedQueries], SavedQueries]) -> SavedQueries:
    def changed(saved: SavedSearches) -> SavedSearches:
        return replace(saved, queries=tuple(change(_parse(saved)).as_map()["queries"]))

    return _parse(edit_searches(folder, changed))


def _parse(saved: SavedSearches) -> SavedQueries:
    found: dict[str, Query] = {}
    for place, entry in enumerate(saved.queries, 1):
        try:
            query = Query.from_map(entry)
        except GbatraceError as error:
            raise SessionError(sentence(f"The session's searches.json is damaged: query {place}: {error}")) from None
        found[query.name] = query
    return SavedQueries(found)
