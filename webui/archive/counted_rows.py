"""Rows of the index, and their sessions' label counts in step. Shell around a connection."""

# ruff: noqa: S608 - only names of our own columns are put into queries; values are arguments

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from protocol.bus.messages import Publication, Topic
from protocol.session.annotations import Annotations, parse_annotations
from webui.archive.index_queries import label_counts
from webui.archive.index_rows import facts_of_summary, labels_of_row
from webui.archive.index_tables import LABELS, add_set, put_facts, put_labels
from webui.archive.label_counts import LabelCounts

__all__ = ["CountedRows"]

_FROM_THE_BUS = -1
"""Stamp of labels that came over the bus: compared with the file's, it differs."""


class CountedRows:
    """Cache of label counts: counted once a session, then changed with each row written."""

    def __init__(self) -> None:
        self._counts: dict[str, LabelCounts] = {}

    def forget(self) -> None:
        """Drop all counts, because rows were taken back."""
        self._counts.clear()

    def counts(self, database: sqlite3.Connection, session: str) -> LabelCounts:
        """Return a session's counts."""
        counts = self._counts.get(session)
        if counts is None:
            counts = self._counts[session] = label_counts(database, session)
        return counts

    def add_set(self, database: sqlite3.Connection, session: str, number: int) -> None:
        """Make a row for a frame set, unless it has one."""
        if add_set(database, session, number) and session in self._counts:
            self._counts[session].add(Annotations())

    def delete_sets(self, database: sqlite3.Connection, session: str, numbers: Iterable[int]) -> None:
        """Delete the rows of frame sets."""
        deleted = [(session, number) for number in numbers]
        database.executemany("DELETE FROM sets WHERE session = ? AND id = ?", deleted)
        if deleted:
            self._counts.pop(session, None)

    def put_labels(
        self, database: sqlite3.Connection, session: str, number: int, labels: Annotations, damage: str, stamp: int
    ) -> None:
        """Write the labels of a frame set, see `index_tables.put_labels`."""
        counts = self._counts.get(session)
        if counts is not None:
            query = f"SELECT {LABELS} FROM sets WHERE session = ? AND id = ?"
            row = database.execute(query, (session, number)).fetchone()
            if row is not None:
                counts.add(labels_of_row(row), -1)
                counts.add(labels)
        put_labels(database, session, number, labels, damage, stamp)

    def put_publication(self, database: sqlite3.Connection, publication: Publication) -> None:
        """Write the content of a publication of the bus.

        Raises:
            KeyError, TypeError, ValueError, AttributeError, OverflowError, GbatraceError: it is not as specified.
        """
        session, body = publication.session, publication.body
        if publication.topic == Topic.SET:
            number = body["frame_set"]["frame_set_id"]
            facts = facts_of_summary(body["frame_set"])
            self.add_set(database, session, number)
            put_facts(database, session, number, facts)
            given = body["frame_set"].get("annotations")
            if given is not None:
                self.put_labels(database, session, number, _annotations(given), "", _FROM_THE_BUS)
        else:
            for label in body["labels"]:
                labels = _annotations(label["annotations"])
                self.add_set(database, session, label["frame_set_id"])
                self.put_labels(database, session, label["frame_set_id"], labels, "", _FROM_THE_BUS)


def _annotations(given: Mapping[str, Any]) -> Annotations:
    return parse_annotations(orjson.dumps(given))
