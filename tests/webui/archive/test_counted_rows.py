"""Label counts are those of the rows, however these came to be."""

from pathlib import Path
from random import Random

from protocol.session.annotations import Annotations
from webui.archive.counted_rows import CountedRows
from webui.archive.index_queries import label_counts
from webui.archive.index_tables import open_tables

LABELS = (Annotations(), Annotations(context="battle"), Annotations(tags=("night", "rain"), complete=True))


def test_counts_are_changed_with_each_row(tmp_path: Path) -> None:
    dice, rows, database = Random(1), CountedRows(), open_tables(tmp_path / "index.sqlite")
    for number in range(10):
        rows.add_set(database, "a", number)
    assert rows.counts(database, "a").progress() == {"total": 10, "complete": 0, "partial": 0, "unlabelled": 10}
    for _ in range(60):
        number = dice.randrange(20)
        rows.add_set(database, "a", number)
        rows.put_labels(database, "a", number, dice.choice(LABELS), "", 1)
        assert rows.counts(database, "a") == label_counts(database, "a")
    rows.delete_sets(database, "a", [3, 4])
    assert rows.counts(database, "a") == label_counts(database, "a")
    database.close()


def test_rows_that_were_taken_back_are_counted_again(tmp_path: Path) -> None:
    rows, database = CountedRows(), open_tables(tmp_path / "index.sqlite")
    rows.add_set(database, "a", 0)
    database.commit()
    assert rows.counts(database, "a").total == 1
    rows.add_set(database, "a", 1)
    database.rollback()
    rows.forget()
    assert rows.counts(database, "a").total == 1
    database.close()
