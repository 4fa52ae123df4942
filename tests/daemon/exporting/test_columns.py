from dataclasses import replace

from daemon.exporting.columns import COLUMNS, numeric_columns, rows_of
from tests.daemon.exporting.recordings import batch_of, frame_sets


def test_a_row_has_every_column() -> None:
    first, second = frame_sets(2, first=1)
    flawed = replace(second, flaws=("a frame is missing",), png=b"")
    rows = rows_of(batch_of([first, flawed]))
    assert rows[0] == {
        "whole": True,
        "flaws": [],
        "picture_from": 1,
        "combination": 1,
        "combination_repeat": 5,
        "frame_combinations": [1] * 5,
        "next_combinations": [2] * 5,
    }
    assert (rows[1]["whole"], rows[1]["picture_from"], rows[1]["next_combinations"]) == (False, -1, [])
    assert list(rows[0]) == [column.name for column in COLUMNS]


def test_the_combination_is_the_one_held_longest_of_two_the_later() -> None:
    (item,) = frame_sets(1)
    held = ["A", "A", "B", "B", ""]
    frames = tuple(replace(frame, current_keys=keys) for frame, keys in zip(item.frames, held, strict=True))
    (row,) = rows_of(batch_of([replace(item, frames=frames)]))
    assert row["frame_combinations"] == [1, 1, 2, 2, 0]
    assert (row["combination"], row["combination_repeat"]) == (2, 2)


def test_numbers_alone_fit_formats_without_lists() -> None:
    assert [column.name for column in numeric_columns()] == [
        "whole",
        "picture_from",
        "combination",
        "combination_repeat",
    ]
