"""Queries of the index about one session. Shell around a connection."""

# ruff: noqa: S608 - only names of our own columns are put into queries; values are arguments

import sqlite3
from collections.abc import Iterator
from typing import Any

from protocol.session.annotations import Annotations
from protocol.session.statistics import SetCounts
from webui.archive.index_rows import SetFilter, counts_of_row, labels_of_row, ranges_of, values_by_field
from webui.archive.index_tables import LABELS, document_of
from webui.archive.label_counts import LabelCounts

__all__ = [
    "first_since",
    "label_counts",
    "left_to_count",
    "list_numbers",
    "list_sessions",
    "list_sets",
    "read_counts",
    "read_snapshot",
    "span",
    "uncounted",
    "unlisted",
]

_LEFT = "FROM sets WHERE session = ? AND held IS NULL"


def read_snapshot(database: sqlite3.Connection, session: str) -> dict[str, Any]:
    """Return labels as runs by field, `flawed` ranges, and `damaged` label files with sentences."""
    where = "FROM sets WHERE session = ?"
    rows = database.execute(f"SELECT id, {LABELS} {where} ORDER BY id", (session,)).fetchall()
    flawed = database.execute(f"SELECT id {where} AND flaws != '[]' ORDER BY id", (session,)).fetchall()
    damaged = database.execute(
        f"SELECT id, damage {where} AND damage != '' ORDER BY id LIMIT 100", (session,)
    ).fetchall()
    return {
        "labels": values_by_field(rows),
        "flawed": ranges_of(row[0] for row in flawed),
        "damaged": [list(row) for row in damaged],
    }


def unlisted(database: sqlite3.Connection, session: str, wanted: SetFilter, limit: int) -> list[int]:
    """List those of the first `limit` wanted frame sets whose changes have not been counted."""
    condition, arguments = wanted.condition()
    query = f"SELECT id, counts FROM sets WHERE session = ? AND {condition} ORDER BY id LIMIT ?"
    rows = database.execute(f"SELECT id FROM ({query}) WHERE counts IS NULL", (session, *arguments, limit))
    return [row[0] for row in rows.fetchall()]


def list_sets(database: sqlite3.Connection, session: str, wanted: SetFilter, limit: int) -> list[dict[str, Any]]:
    """List the first `limit` wanted frame sets, ascending, with facts and labels."""
    condition, arguments = wanted.condition()
    rows = database.execute(
        f"SELECT id, time, frames, flaws, counts, {LABELS} FROM sets "
        f"WHERE session = ? AND {condition} ORDER BY id LIMIT ?",
        (session, *arguments, limit),
    ).fetchall()
    return [document_of(row) for row in rows]


def list_numbers(database: sqlite3.Connection, session: str, wanted: SetFilter) -> list[int]:
    """List the numbers of the wanted frame sets, ascending."""
    condition, arguments = wanted.condition()
    query = f"SELECT id FROM sets WHERE session = ? AND {condition} ORDER BY id"
    return [row[0] for row in database.execute(query, (session, *arguments)).fetchall()]


def uncounted(database: sqlite3.Connection, session: str, limit: int) -> list[int]:
    """List some frame sets that the statistics lack."""
    return [row[0] for row in database.execute(f"SELECT id {_LEFT} LIMIT ?", (session, limit)).fetchall()]


def left_to_count(database: sqlite3.Connection, session: str) -> int:
    """Return how many frame sets the statistics lack."""
    return int(database.execute(f"SELECT COUNT(*) {_LEFT}", (session,)).fetchone()[0])


def read_counts(database: sqlite3.Connection, session: str) -> Iterator[tuple[SetCounts, Annotations]]:
    """Yield what each counted frame set adds to the statistics, and its labels; ascending."""
    rows = database.execute(
        f"SELECT id, time, flaws, counts, held, {LABELS} FROM sets WHERE session = ? AND held IS NOT NULL ORDER BY id",
        (session,),
    ).fetchall()
    return map(counts_of_row, rows)


def label_counts(database: sqlite3.Connection, session: str) -> LabelCounts:
    """Count a session's labels."""
    counts = LabelCounts()
    query = f"SELECT COUNT(*), {LABELS} FROM sets WHERE session = ? GROUP BY {LABELS}"
    for sets, *labels in database.execute(query, (session,)):
        counts.add(labels_of_row(labels), sets)
    return counts


def first_since(database: sqlite3.Connection, session: str, until: int, ms: int) -> int | None:
    """Return the first frame set of the `ms` milliseconds up to the end of set `until`."""
    row = database.execute(
        "SELECT MIN(id) FROM sets WHERE session = ?1 AND id <= ?2 AND time > "
        "(SELECT time FROM sets WHERE session = ?1 AND id = ?2) - ?3",
        (session, until, ms),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def span(database: sqlite3.Connection, session: str, after: int, until: int) -> int | None:
    """Return the ms between the sets after `after` and `until`; None where no time is known."""
    query = "SELECT MAX(time) - MIN(time) FROM sets WHERE session = ? AND id > ? AND id <= ?"
    found: int | None = database.execute(query, (session, after, until)).fetchone()[0]
    return found


def list_sessions(database: sqlite3.Connection) -> list[str]:
    """List the sessions that have frame sets: a look for each, not one at each row."""
    names: list[str] = []
    query = "SELECT MIN(session) FROM sets WHERE session > ?"
    while (name := database.execute(query, (names[-1] if names else "",)).fetchone()[0]) is not None:
        names.append(name)
    return names
