import numpy as np

from daemon.exporting.columns import change_columns
from tests.daemon.exporting.recordings import frame_sets


def test_changes_of_many_sets_lie_behind_each_other() -> None:
    columns = change_columns(list(frame_sets(4)))
    assert columns.counts.tolist() == [3, 1, 1, 3]
    assert columns.frame_set.tolist() == [0, 0, 0, 1, 2, 3, 3, 3]
    assert [columns.regions[place] for place in columns.region] == [
        "iwram",
        "ewram",
        "ewram",
        "iwram",
        "iwram",
        "iwram",
        "ewram",
        "ewram",
    ]
    assert columns.address[:3].tolist() == [0x0300_0010, 0x0200_0100, 0x0200_0104]
    assert columns.current.tolist() == [1, 0, 10, 2, 3, 4, 3, 10]
    assert columns.freq[:3].tolist() == [7, 1, 12]


def test_a_part_keeps_the_rows_of_its_sets() -> None:
    columns = change_columns(list(frame_sets(4)))
    part = columns.part(np.array([False, True, False, True]))
    assert part.frame_set.tolist() == [1, 3, 3, 3]
    assert part.current[part.of_set(1)].tolist() == [4, 3, 10]


def test_sets_without_changes_have_empty_columns() -> None:
    columns = change_columns([])
    assert columns.counts.shape == columns.address.shape == (0,)
