import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from protocol.session.annotations import Annotations
from webui.archive.index_rows import Facts
from webui.archive.index_tables import LABELS, add_set, document_of, open_tables, put_facts, put_labels, stamps_of

FACTS = Facts(5, (8, 9), ("cut short",), {"iwram": 3})


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_tables(tmp_path / "index.sqlite")) as database:
        assert all(add_set(database, "meadow", number) for number in (1, 2, 3))
        yield database


def test_a_row_shows_what_was_put_there(database: sqlite3.Connection) -> None:
    put_facts(database, "meadow", 2, FACTS)
    put_labels(database, "meadow", 2, Annotations(context="battle", tags=("boss",), complete=True), "", 77)
    [row] = database.execute(f"SELECT id, time, frames, flaws, counts, {LABELS} FROM sets WHERE known")
    assert document_of(row) == {
        "frame_set_id": 2,
        "timestamp": 5,
        "frames": [8, 9],
        "flaws": ["cut short"],
        "change_counts": {"iwram": 3},
        "annotations": Annotations(context="battle", tags=("boss",), complete=True).as_map(),
    }


def test_a_row_that_is_there_is_kept(database: sqlite3.Connection) -> None:
    put_labels(database, "meadow", 2, Annotations(context="battle"), "", 77)
    assert [add_set(database, "meadow", number) for number in (2, 4)] == [False, True]
    assert database.execute("SELECT id, context FROM sets").fetchall() == [(1, ""), (2, "battle"), (3, ""), (4, "")]


def test_what_was_counted_stays_where_it_is_not_counted_again(database: sqlite3.Connection) -> None:
    put_facts(database, "meadow", 2, FACTS)
    put_facts(database, "meadow", 2, Facts(6, (8,), (), None))
    assert database.execute("SELECT time, counts FROM sets WHERE id = 2").fetchall() == [(6, '{"iwram":3}')]


def test_stamps_are_those_of_the_rows_in_between(database: sqlite3.Connection) -> None:
    put_labels(database, "meadow", 2, Annotations(), "", 77)
    assert stamps_of(database, "meadow", [2, 3]) == {2: 77, 3: 0}
    assert stamps_of(database, "meadow", []) == {}
    assert stamps_of(database, "cave", [2]) == {}


def test_tables_survive_and_those_of_another_version_do_not(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    for version, left in ((None, 1), (99, 0)):
        with closing(open_tables(path)) as database, database:
            add_set(database, "meadow", 1)
            if version:
                database.execute(f"PRAGMA user_version = {version}")
        with closing(open_tables(path)) as database:
            assert database.execute("SELECT COUNT(*) FROM sets").fetchone() == (left,)


def test_where_no_file_can_be_written_the_tables_are_in_memory(tmp_path: Path) -> None:
    with closing(open_tables(tmp_path / "none" / "index.sqlite")) as database:
        add_set(database, "meadow", 1)
        assert database.execute("SELECT COUNT(*) FROM sets").fetchone() == (1,)
