"""SQLite index of the session folders, for quick listing, filtering and opening. Shell.

It is a cache of the folders, `index.sqlite` in the data folder, and may be deleted at any time. The page server alone
writes it. Publications of the bus are queued, and written before the next query; what changed while no page server ran
is found by comparing a session with its folder when it is first opened. Labels that were written meanwhile are read
first, facts of frame sets after them, a slice at a time. Every method but `enqueue` and `invalidate` touches the disk
and belongs in a thread.
"""

# ruff: noqa: S608 - only names of our own columns are put into queries; values are arguments

import sqlite3
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import orjson

from protocol.bus.messages import Publication, Topic
from protocol.errors import GbatraceError
from protocol.session.annotations import Annotations, parse_annotations
from protocol.session.layout import session_folder
from protocol.session.reader import SessionReader
from protocol.session.statistics import SetCounts
from webui.archive.folders import existing_session
from webui.archive.index_reading import read_event, read_facts, read_labels
from webui.archive.index_rows import (
    SetFilter,
    counts_of_row,
    facts_of_summary,
    labels_of_row,
    ranges_of,
    values_by_field,
)
from webui.archive.index_tables import LABELS, add_set, document_of, open_tables, put_facts, put_labels, stamps_of
from webui.archive.label_counts import LabelCounts, most_used

__all__ = ["INDEX_FILE", "Index"]

INDEX_FILE = "index.sqlite"

_FROM_THE_BUS = -1
"""Stamp of labels that came over the bus: compared with the file's, it differs."""

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
        self._counts: dict[str, LabelCounts] = {}
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
                    self._put_labels(database, session, number, *read_labels(reader, number), stamp)
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
            rows = database.execute(
                f"SELECT id, {LABELS} FROM sets WHERE session = ? ORDER BY id", (session,)
            ).fetchall()
            flawed = database.execute(
                "SELECT id FROM sets WHERE session = ? AND flaws != '[]' ORDER BY id", (session,)
            ).fetchall()
            damaged = database.execute(
                "SELECT id, damage FROM sets WHERE session = ? AND damage != '' ORDER BY id LIMIT 100", (session,)
            ).fetchall()
        return {
            "labels": values_by_field(rows),
            "flawed": ranges_of(row[0] for row in flawed),
            "damaged": [list(row) for row in damaged],
        }

    def sets(self, session: str, wanted: SetFilter, limit: int) -> list[dict[str, Any]]:
        """List the first `limit` frame sets that are wanted, ascending, with facts and labels."""
        condition, arguments = wanted.condition()
        query = f"FROM sets WHERE session = ? AND {condition} ORDER BY id LIMIT ?"
        with self._connection() as database:
            uncounted = f"SELECT id FROM (SELECT id, counts {query}) WHERE counts IS NULL"
            for (number,) in database.execute(uncounted, (session, *arguments, limit)).fetchall():
                put_facts(database, session, number, read_event(self._reader(session), number))
            rows = database.execute(
                f"SELECT id, time, frames, flaws, counts, {LABELS} {query}", (session, *arguments, limit)
            ).fetchall()
        return [document_of(row) for row in rows]

    def numbers(self, session: str, wanted: SetFilter) -> list[int]:
        """List the numbers of the frame sets that are wanted, ascending."""
        condition, arguments = wanted.condition()
        with self._connection() as database:
            rows = database.execute(
                f"SELECT id FROM sets WHERE session = ? AND {condition} ORDER BY id", (session, *arguments)
            ).fetchall()
        return [row[0] for row in rows]

    def progress(self, session: str) -> dict[str, int]:
        """Count a session's frame sets: `total`, `complete`, `partial`, `unlabelled`."""
        with self._connection() as database:
            return self._counts_of(database, session).progress()

    def count_some(self, session: str) -> int:
        """Count what some frame sets add to the statistics; returns how many are left."""
        reader = self._reader(session)
        query = "FROM sets WHERE session = ? AND held IS NULL"
        with self._connection() as database:
            uncounted = database.execute(f"SELECT id {query} LIMIT ?", (session, _COUNTED_AT_ONCE)).fetchall()
        facts = [(number, read_event(reader, number)) for (number,) in uncounted]
        with self._connection() as database:
            for number, fact in facts:
                put_facts(database, session, number, fact)
            return int(database.execute(f"SELECT COUNT(*) {query}", (session,)).fetchone()[0])

    def counted(self, session: str) -> Iterator[tuple[SetCounts, Annotations]]:
        """Yield what each counted frame set adds to the statistics, and its labels; ascending."""
        with self._connection() as database:
            rows = database.execute(
                f"SELECT id, time, flaws, counts, held, {LABELS} FROM sets "
                "WHERE session = ? AND held IS NOT NULL ORDER BY id",
                (session,),
            ).fetchall()
        return map(counts_of_row, rows)

    def values(self, session: str | None = None) -> dict[str, list[str]]:
        """List the values used by field, most used first; of all sessions where none is named."""
        with self._connection() as database:
            names = [session] if session is not None else _sessions(database)
            return most_used([self._counts_of(database, name) for name in names])

    def last_seconds(self, session: str, until: int, seconds: float) -> tuple[int, int]:
        """Return the first and the last frame set of the `seconds` up to the end of set `until`."""
        while self._must_learn(session, until, seconds):
            self.learn_facts(session)
        with self._connection() as database:
            row = database.execute(
                "SELECT MIN(id) FROM sets WHERE session = ?1 AND id <= ?2 AND time > "
                "(SELECT time FROM sets WHERE session = ?1 AND id = ?2) - ?3",
                (session, until, round(seconds * 1000)),
            ).fetchone()
        return until if row[0] is None else int(row[0]), until

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
                self._counts.clear()  # What was counted is taken back with the rows.
                raise

    def _write_pending(self, database: sqlite3.Connection) -> None:
        """Write the queued publications, in a transaction of their own: a later failure keeps them."""
        with database:
            while self._pending:
                try:
                    self._write_publication(database, self._pending.popleft())
                except sqlite3.Error:
                    self._counts.clear()
                    self.invalidate()  # What was taken from the queue is lost: the folders have it.
                    raise
                except (KeyError, TypeError, ValueError, AttributeError, OverflowError, GbatraceError):
                    continue  # It is not as the specification says: it costs itself and nothing else.

    def _compare(self, database: sqlite3.Connection, session: str, there: Sequence[int], unread: _Unread) -> None:
        rows = database.execute("SELECT id, known FROM sets WHERE session = ?", (session,)).fetchall()
        known = dict(rows)
        deleted = [(session, number) for number in known.keys() - set(there)]
        database.executemany("DELETE FROM sets WHERE session = ? AND id = ?", deleted)
        if deleted:
            self._counts.pop(session, None)
        for number in there:
            if number not in known:
                self._add_set(database, session, number)
        unread.labels += there
        unread.facts += [number for number in there if not known.get(number)]

    def _write_publication(self, database: sqlite3.Connection, publication: Publication) -> None:
        session, body = publication.session, publication.body
        if publication.topic == Topic.SET:
            number = body["frame_set"]["frame_set_id"]
            facts = facts_of_summary(body["frame_set"])
            self._add_set(database, session, number)
            put_facts(database, session, number, facts)
            given = body["frame_set"].get("annotations")
            if given is not None:
                self._put_labels(database, session, number, _annotations(given), "", _FROM_THE_BUS)
        else:
            for label in body["labels"]:
                labels = _annotations(label["annotations"])
                self._add_set(database, session, label["frame_set_id"])
                self._put_labels(database, session, label["frame_set_id"], labels, "", _FROM_THE_BUS)

    def _add_set(self, database: sqlite3.Connection, session: str, number: int) -> None:
        if add_set(database, session, number) and session in self._counts:
            self._counts[session].add(Annotations())

    def _put_labels(
        self, database: sqlite3.Connection, session: str, number: int, labels: Annotations, damage: str, stamp: int
    ) -> None:
        counts = self._counts.get(session)
        if counts is not None:
            query = f"SELECT {LABELS} FROM sets WHERE session = ? AND id = ?"
            row = database.execute(query, (session, number)).fetchone()
            if row is not None:
                counts.add(labels_of_row(row), -1)
                counts.add(labels)
        put_labels(database, session, number, labels, damage, stamp)

    def _counts_of(self, database: sqlite3.Connection, session: str) -> LabelCounts:
        """Return a session's counts; they are counted once and kept from then on."""
        counts = self._counts.get(session)
        if counts is None:
            counts = LabelCounts()
            query = f"SELECT COUNT(*), {LABELS} FROM sets WHERE session = ? GROUP BY {LABELS}"
            for sets, *labels in database.execute(query, (session,)):
                counts.add(labels_of_row(labels), sets)
            self._counts[session] = counts
        return counts

    def _must_learn(self, session: str, until: int, seconds: float) -> bool:
        """Return whether a time within the last `seconds` up to `until` has not been read."""
        facts = self._unread.get(session, _Unread()).facts
        place = bisect_right(facts, until)
        if not place:
            return False
        with self._connection() as database:
            (span,) = database.execute(
                "SELECT MAX(time) - MIN(time) FROM sets WHERE session = ? AND id > ? AND id <= ?",
                (session, facts[place - 1], until),
            ).fetchone()
        return span is None or span <= seconds * 1000

    def _there(self, session: str) -> SessionReader:
        return existing_session(self._data_folder, session)

    def _reader(self, session: str) -> SessionReader:
        return SessionReader(session_folder(self._data_folder, session))


def _taken(unread: list[T]) -> list[T]:
    """Take the newest few."""
    taken = unread[-_SLICE:]
    del unread[-_SLICE:]
    return taken


def _sessions(database: sqlite3.Connection) -> list[str]:
    """List the sessions that have frame sets: a look for each, not one at each row."""
    names: list[str] = []
    query = "SELECT MIN(session) FROM sets WHERE session > ?"
    while (name := database.execute(query, (names[-1] if names else "",)).fetchone()[0]) is not None:
        names.append(name)
    return names


def _annotations(given: Mapping[str, Any]) -> Annotations:
    return parse_annotations(orjson.dumps(given))
