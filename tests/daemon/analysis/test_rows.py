"""Rows built at once and in parts."""

import numpy as np

from daemon.analysis.rows import LoggedEntries, Rows, logged_rows, merged_rows, reduced
from protocol.session.change_log import EntryKind

CHANGED, RESTATED, UNKNOWN = EntryKind.CHANGED, EntryKind.RESTATED, EntryKind.UNKNOWN


def rows_of(*entries: tuple[int, int, int, EntryKind], latest: int | None = None) -> Rows:
    """Build rows of entries: word, time, value, kind; words had the value `latest` before, or were never known."""
    words, times, values, kinds = (list(column) for column in zip(*entries, strict=True)) if entries else [[]] * 4
    logged = LoggedEntries(
        words=np.array(words, np.uint32),
        times=np.array(times, np.int32),
        values=np.array(values, np.uint32),
        kinds=np.array(kinds, np.uint8),
    )
    return logged_rows(logged, np.full(10, latest or 0, np.uint32), np.full(10, latest is not None))


def test_the_bytes_that_each_change_changed_are_noted() -> None:
    rows = rows_of((5, 0, 0x11, CHANGED), (5, 1, 0x1122_0011, CHANGED), (5, 2, 0x1122_0000, CHANGED), latest=0)
    assert rows.changed.tolist() == [0b0001, 0b1100, 0b0001]


def test_the_next_words_bytes_are_noted_where_it_changed_at_the_same_time() -> None:
    rows = rows_of(
        *((3, 7, 0xFF, CHANGED), (4, 7, 0xFF00, CHANGED), (6, 7, 1, CHANGED)),
        *((3, 8, 0, CHANGED), (4, 9, 0, CHANGED)),
        latest=0,
    )
    assert rows.words.tolist() == [3, 4, 6]
    assert rows.changed.tolist() == [0b0010_0001, 0b0001, 0b0010, 0b0010, 0b0001]


def test_a_restated_word_is_no_change_and_hides_none() -> None:
    rows = rows_of((3, 7, 5, CHANGED), (4, 7, 9, RESTATED), (4, 7, 8, CHANGED), latest=0)
    assert rows.changed.tolist() == [0b0001_0001, 0, 0b0001]
    assert rows.restated_bytes.tolist() == [0b0001]


def test_what_was_never_known_is_not_moved_by_its_first_sight() -> None:
    assert rows_of((3, 7, 5, RESTATED)).restated_bytes.tolist() == [0]


def test_an_unknown_word_keeps_its_last_known_value_to_compare_with() -> None:
    rows = rows_of(
        (3, 1, 0x100, UNKNOWN), (3, 2, 0x105, RESTATED), (3, 3, 0, UNKNOWN), (3, 4, 0x105, RESTATED), latest=4
    )
    assert rows.value.tolist() == [4, 0x105, 0x105, 0x105]
    assert rows.restated_bytes.tolist() == [0b0011, 0]


def test_ends_are_behind_the_last_entry_up_to_a_time() -> None:
    chance = np.random.default_rng(2)
    times = np.sort(chance.integers(0, 300, 2000)).tolist()
    words = chance.integers(0, 10, 2000).tolist()
    rows = rows_of(*((word, time, place, CHANGED) for place, (word, time) in enumerate(zip(words, times, strict=True))))
    for time in (-1, 0, 1, *chance.integers(0, 300, 50).tolist(), 298, 299, 300, 10_000):
        expected = [
            int(first) + int(np.searchsorted(rows.time[first:end], time, "right"))
            for first, end in zip(rows.pointer, rows.pointer[1:], strict=False)
        ]
        assert rows.ends(time).tolist() == expected


def test_entries_are_found_by_their_words_where_there_are_any() -> None:
    rows = rows_of((2, 1, 7, CHANGED), (5, 1, 8, CHANGED), (5, 2, 9, CHANGED), (7, 3, 1, CHANGED), latest=0)
    places, entries = rows.entries_of(np.array([1, 2, 5, 6, 9]))
    assert places.tolist() == [1, 2, 2]
    assert rows.value[entries].tolist() == [7, 8, 9]
    nothing, none = rows_of().entries_of(np.array([1, 2]))
    assert (nothing.tolist(), none.tolist()) == ([], [])


def test_merged_rows_are_those_built_at_once() -> None:
    entries = [(word, time, word * time % 7, CHANGED) for time in range(12) for word in range(10) if (word + time) % 3]
    early, late = entries[:30], entries[30:]
    values = {word: value for word, _, value, _ in early}
    first = rows_of(*early, latest=0)
    latest = np.array([values.get(word, 0) for word in range(10)], np.uint32)
    columns = [np.array(column) for column in zip(*late, strict=True)]
    later = logged_rows(
        LoggedEntries(
            columns[0].astype(np.uint32),
            columns[1].astype(np.int32),
            columns[2].astype(np.uint32),
            columns[3].astype(np.uint8),
        ),
        latest,
        np.ones(10, np.bool_),
    )
    merged, whole = merged_rows(first, later), rows_of(*entries, latest=0)
    for name in ("words", "pointer", "time", "value", "kind", "changed", "before"):
        assert getattr(merged, name).tolist() == getattr(whole, name).tolist(), name


def test_nothing_has_no_rows() -> None:
    rows = rows_of()
    assert (len(rows), len(rows.words), rows.ends(5).tolist()) == (0, 0, [])
    assert rows.row_of(3) == slice(0, 0)
    assert len(rows.restated) == len(rows.unknown) == len(rows.restated_bytes) == 0


def test_pieces_are_reduced_apart_up_to_the_end() -> None:
    column = np.array([1, 2, 4, 8, 16], np.uint8)
    assert reduced(np.bitwise_or, column, np.array([0, 2, 3]), np.array([2, 3, 5])).tolist() == [3, 4, 24]
    assert reduced(np.add, column, np.array([1]), np.array([4])).tolist() == [14]
    assert not len(reduced(np.add, column, np.empty(0, np.int64), np.empty(0, np.int64)))
