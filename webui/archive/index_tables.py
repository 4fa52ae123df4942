"""Tables of the index: a row for each frame set. Shell around a connection."""

# ruff: noqa: S608 - only names of our own columns are put into queries; values are arguments

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from protocol.disk import retry_once
from protocol.session.annotations import FIELD_NAMES, Annotations
from webui.archive.index_rows import Facts

__all__ = ["LABELS", "add_set", "document_of", "open_tables", "put_facts", "put_labels", "stamps_of"]

_VERSION = 4
"""Version of the tables; an index of another one is made anew."""

_TABLES = """
CREATE TABLE sets (
    session TEXT NOT NULL, id INTEGER NOT NULL,
    known INTEGER NOT NULL DEFAULT 0, time INTEGER, frames TEXT NOT NULL DEFAULT '[]',
    flaws TEXT NOT NULL DEFAULT '[]', counts TEXT, held TEXT,
    context TEXT NOT NULL DEFAULT '', scene TEXT NOT NULL DEFAULT '', tags TEXT NOT NULL DEFAULT '[]',
    description TEXT NOT NULL DEFAULT '', action TEXT NOT NULL DEFAULT '', intent TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT '', complete INTEGER NOT NULL DEFAULT 0,
    stamp INTEGER NOT NULL DEFAULT 0, damage TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (session, id)
) WITHOUT ROWID;
"""
LABELS = ", ".join(FIELD_NAMES)
"""The columns of the label fields, in the order of the file."""

_GIVEN = ", ".join(f"{name} = ?" for name in FIELD_NAMES)


def open_tables(path: Path) -> sqlite3.Connection:
    """Open the index; a damaged one, or one of another version, is made anew.

    Where none can be written, it is in memory.
    """
    for attempt in (path, path, Path(":memory:")):
        try:
            database = sqlite3.connect(attempt, check_same_thread=False)
            try:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = OFF")
                if database.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                    database.executescript(f"DROP TABLE IF EXISTS sets; {_TABLES} PRAGMA user_version = {_VERSION};")
            except sqlite3.Error:
                database.close()
                raise
        except sqlite3.Error:
            for ending in ("", "-wal", "-shm"):
                with suppress(OSError):
                    retry_once(path.with_name(path.name + ending).unlink)
        else:
            return database
    raise sqlite3.OperationalError("no database can be opened, not even in memory")


def add_set(database: sqlite3.Connection, session: str, number: int) -> bool:
    """Make a row for a frame set, with nothing known of it; returns whether there was none."""
    made = database.execute("INSERT OR IGNORE INTO sets (session, id) VALUES (?, ?)", (session, number))
    return made.rowcount == 1


def stamps_of(database: sqlite3.Connection, session: str, numbers: Sequence[int]) -> dict[int, int]:
    """Return the stamps of labels by number, from the lowest to the highest of `numbers`."""
    if not numbers:
        return {}
    query = "SELECT id, stamp FROM sets WHERE session = ? AND id BETWEEN ? AND ?"
    return dict(database.execute(query, (session, min(numbers), max(numbers))).fetchall())


def put_facts(database: sqlite3.Connection, session: str, number: int, facts: Facts) -> None:
    """Write what is known of a frame set; what was not counted stays as it is."""
    database.execute(
        "UPDATE sets SET known = 1, time = ?, frames = ?, flaws = ?, counts = COALESCE(?, counts), "
        "held = COALESCE(?, held) WHERE session = ? AND id = ?",
        (
            facts.time,
            _json(facts.frames),
            _json(facts.flaws),
            None if facts.change_counts is None else _json(facts.change_counts),
            None if facts.held is None else _json(facts.held),
            session,
            number,
        ),
    )


def put_labels(
    database: sqlite3.Connection, session: str, number: int, labels: Annotations, damage: str, stamp: int
) -> None:
    """Write the labels of a frame set, what is wrong with their file, and when it was written."""
    values = [_json(value) if name == "tags" else value for name, value in labels.as_map().items()]
    database.execute(
        f"UPDATE sets SET {_GIVEN}, stamp = ?, damage = ? WHERE session = ? AND id = ?",
        (*values, stamp, damage, session, number),
    )


def document_of(row: Sequence[Any]) -> dict[str, Any]:
    """Turn a row `id, time, frames, flaws, counts` and `LABELS` into what a listing shows."""
    number, time, frames, flaws, counts, *labels = row
    annotations = dict(zip(FIELD_NAMES, labels, strict=True))
    return {
        "frame_set_id": number,
        "timestamp": time,
        "frames": orjson.loads(frames),
        "flaws": orjson.loads(flaws),
        "change_counts": orjson.loads(counts),
        "annotations": {
            **annotations,
            "tags": orjson.loads(annotations["tags"]),
            "complete": bool(annotations["complete"]),
        },
    }


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
