"""SQLite index of the session folders, for quick listing, filtering and opening. Shell.

It is a cache of the folders, `index.sqlite` in the data folder, and may be deleted at any time. The page server alone
writes it. Publications of the bus are queued, and written before the next query; what changed while no page server ran
is found by comparing a session with its folder when it is first opened. Labels that were written meanwhile are read
first, facts of frame sets after them, a slice at a time. Every method but `enqueue` and `invalidate` touches the disk
and belongs in a thread.
"""

import sqlite3
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from protocol.bus.messages import Publication, Topic
from protocol.errors import GbatraceError
from protocol.session.annotations import Annotations
from protocol.session.layout import session_folder
from protocol.session.reader import SessionReader
from protocol.session.statistics import SetCounts
from webui.archive.counted_rows import CountedRows
from webui.archive.folders import existing_session
from webui.archive.index_queries import (
    first_since,
    left_to_count,
    list_numbers,
    list_sessions,
    list_sets,
    read_counts,
    read_snapshot,
    span,
    uncounted,
    unlisted,
)
from webui.archive.index_reading import read_event, read_facts, read_labels
from webui.archive.index_rows import SetFilter
from webui.archive.index_tables import open_tables, put_facts, stamps_of
from webui.archive.label_counts import most_used

__all__ = ["INDEX_FILE", "Index"]

INDEX_FILE = "index.sqlite"

_COUNTED_AT_ONCE = 100
"""Frame sets whose whole file is read in one step, between which others may query."""

_SLICE = 1000
"""Files looked at in one step, between which others may query."""

T = TypeVar("T")


@dataclass(slots=True)
class _Unread:
    """Frame sets of a session whose files have still to be looked at, the newest last.

    Args:
        labels: frame sets whose labels may have been written since they were read.
        facts: frame sets of which nothing but labels is known.
    """

    labels: list[int] = field(default_factory=list)
    facts: list[int] = field(default_factory=list)


class Index:
    """The index of one data folder. Safe to use from several threads.

    Args:
        data_folder: where the session folders are.
    """

    def __init__(self, data_folder: Path) -> None:
        self._data_folder = data_folder
        self._lock = threading.Lock()
        self._pending: deque[Publication] = deque()
        self._unread: dict[str, _Unread] = {}
        self._rows = CountedRows()
        self._database: sqlite3.Connection | None = None

    def enqueue(self, publication: Publication) -> None:
        """Queue a publication of the bus; returns at once."""
        if publication.topic in {Topic.SET, Topic.LABELS}:
            self._pending.append(publication)

    def invalidate(self) -> None:
        """Compare every session with its folder again, because publications were lost."""
        self._unread.clear()

    def close(self) -> None:
        """Write the queued publications and close the file."""
        self.write()
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def write(self) -> None:
        """Write the queued publications."""
        if self._pending:
            with self._connection():
                pass

    def frame_sets(self, session: str) -> list[int]:
        """List a session's frame sets on disk, ascending, and find what the index lacks.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session.
        """
        reader = self._there(session)
        if session in self._unread:
            return reader.frame_set_ids()
        # Entered first: an `invalidate` while the folder is read must not be lost.
        unread = self._unread[session] = _Unread()
        with self._connection() as database:
            # Listed only now, when the index has all that was published: what is not listed was deleted.
            numbers = reader.frame_set_ids()
            self._compare(database, session, numbers, unread)
        return numbers

    def compare(self, session: str) -> int:
        """Compare a session with its folder, unless that was done before.

        Returns:
            How many files have still to be looked at, see `read_some`.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session.
        """
        self._there(session)
        if session not in self._unread:
            self.frame_sets(session)
        return self.unread(session)

    def unread(self, session: str) -> int:
        """Return how many files of a session have still to be looked at."""
        unread = self._unread.get(session, _Unread())
        return len(unread.labels) + len(unread.facts)

    def open_session(self, session: str) -> None:
        """Bring a session's labels in step with its folder, unless they are.

        Raises:
            LayoutError: no session can have that name.
            MissingError: there is no such session.
        """
        self.compare(session)
        while self.read_labels(session):
            pass

    def read_some(self, session: str) -> int:
        """Read some of what the index lacks, labels first; returns how many files are left."""
        return self.read_labels(session) or self.learn_facts(session)

    def read_labels(self, session: str) -> int:
        """Read some labels that were written since they were read; returns how many sets are left."""
        unread, reader = self._unread.get(session, _Unread()), self._reader(session)
        with self._connection() as database:
            numbers = _taken(unread.labels)
            stamps = stamps_of(database, session, numbers)
            for number, stamp in reader.label_stamps(numbers):
                if stamp != stamps.get(number):
                    self._rows.put_labels(database, session, number, *read_labels(reader, number), stamp)
        return len(unread.labels)

    def learn_facts(self, session: str) -> int:
        """Read the facts of some frame sets that only have labels so far; returns how many are left."""
        unread, reader = self._unread.get(session, _Unread()), self._reader(session)
        with self._connection() as database:
            for number in _taken(unread.facts):
                put_facts(database, session, number, read_facts(reader, number))
        return len(unread.facts)

    def snapshot(self, session: str) -> dict[str, Any]:
        """Return a session's labels and flaws.

        Returns:
            `labels` as runs by field, `flawed` ranges, and `damaged` label files as `[number, sentence]`.
        """
        with self._connection() as database:
            return read_snapshot(database, session)

    def sets(self, session: str, wanted: SetFilter, limit: int) -> list[dict[str, Any]]:
        """List the first `limit` frame sets that are wanted, ascending, with facts and labels."""
        with self._connection() as database:
            for number in unlisted(database, session, wanted, limit):
                put_facts(database, session, number, read_event(self._reader(session), number))
            return list_sets(database, session, wanted, limit)

    def numbers(self, session: str, wanted: SetFilter) -> list[int]:
        """List the numbers of the frame sets that are wanted, ascending."""
        with self._connection() as database:
            return list_numbers(database, session, wanted)

    def progress(self, session: str) -> dict[str, int]:
        """Count a session's frame sets: `total`, `complete`, `partial`, `unlabelled`."""
        with self._connection() as database:
            return self._rows.counts(database, session).progress()

    def count_some(self, session: str) -> int:
        """Count what some frame sets add to the statistics; returns how many are left."""
        reader = self._reader(session)
        with self._connection() as database:
            numbers = uncounted(database, session, _COUNTED_AT_ONCE)
        facts = [(number, read_event(reader, number)) for number in numbers]
        with self._connection() as database:
            for number, fact in facts:
                put_facts(database, session, number, fact)
            return left_to_count(database, session)

    def counted(self, session: str) -> Iterator[tuple[SetCounts, Annotations]]:
        """Yield what each counted frame set adds to the statistics, and its labels; ascending."""
        with self._connection() as database:
            return read_counts(database, session)

    def values(self, session: str | None = None) -> dict[str, list[str]]:
        """List the values used by field, most used first; of all sessions where none is named."""
        with self._connection() as database:
            names = [session] if session is not None else list_sessions(database)
            return most_used([self._rows.counts(database, name) for name in names])

    def last_seconds(self, session: str, until: int, seconds: float) -> tuple[int, int]:
        """Return the first and the last frame set of the `seconds` up to the end of set `until`."""
        while self._must_learn(session, until, seconds):
            self.learn_facts(session)
        with self._connection() as database:
            first = first_since(database, session, until, round(seconds * 1000))
        return until if first is None else first, until

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._database is None:
                self._database = open_tables(self._data_folder / INDEX_FILE)
            self._write_pending(self._database)
            try:
                with self._database:
                    yield self._database
            except BaseException:
                self._rows.forget()  # What was counted is taken back with the rows.
                raise

    def _write_pending(self, database: sqlite3.Connection) -> None:
        """Write the queued publications, in a transaction of their own: a later failure keeps them."""
        with database:
            while self._pending:
                try:
                    self._rows.put_publication(database, self._pending.popleft())
                except sqlite3.Error:
                    self._rows.forget()
                    self.invalidate()  # What was taken from the queue is lost: the folders have it.
                    raise
                except (KeyError, TypeError, ValueError, AttributeError, OverflowError, GbatraceError):
                    continue  # It is not as the specification says: it costs itself and nothing else.

    def _compare(self, database: sqlite3.Connection, session: str, there: Sequence[int], unread: _Unread) -> None:
        rows = database.execute("SELECT id, known FROM sets WHERE session = ?", (session,)).fetchall()
        known = dict(rows)
        self._rows.delete_sets(database, session, known.keys() - set(there))
        for number in there:
            if number not in known:
                self._rows.add_set(database, session, number)
        unread.labels += there
        unread.facts += [number for number in there if not known.get(number)]

    def _must_learn(self, session: str, until: int, seconds: float) -> bool:
        """Return whether a time within the last `seconds` up to `until` has not been read."""
        facts = self._unread.get(session, _Unread()).facts
        place = bisect_right(facts, until)
        if not place:
            return False
        with self._connection() as database:
            between = span(database, session, facts[place - 1], until)
        return between is None or between <= seconds * 1000

    def _there(self, session: str) -> SessionReader:
        return existing_session(self._data_folder, session)

    def _reader(self, session: str) -> SessionReader:
        return SessionReader(session_folder(self._data_folder, session))


def _taken(unread: list[T]) -> list[T]:
    """Take the newest few."""
    taken = unread[-_SLICE:]
    del unread[-_SLICE:]
    return taken
