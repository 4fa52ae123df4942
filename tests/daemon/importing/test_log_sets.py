"""Rows become frame sets, wherever they are cut into batches."""

import pytest

from daemon.importing.keyboard_map import KeyboardMap
from daemon.importing.log_rows import read_rows
from daemon.importing.log_sets import FRAMES_OUT_OF_ORDER, frame_sets
from protocol.session.event_json import event_json
from protocol.session.frame_set import FrameSet
from tests.daemon.importing.made import START, log_row


def gathered(rows: list[str], size: int = 100) -> list[tuple[str, FrameSet]]:
    batches = [rows[first : first + size] for first in range(0, len(rows), size)]
    return list(frame_sets(read_rows(batches, lambda _fault: None), KeyboardMap({"A": "x"})))


ROWS = [
    log_row(3, 8, address="03000000"),
    log_row(3, 8, address="03000004", freq=2),
    log_row(3, 8, region="ewram", address="02000000", current_keys="x", key_history="None | x"),
    log_row(3, 10, address="03001000", chunk_id=1, pc="08000000", current_keys="F5"),
    log_row(4, 13, address="03000000"),
    log_row(4, 14, address="03001234", chunk_id=1),
]


def test_a_set_has_its_frames_and_scans() -> None:
    (place, made), (next_place, _) = gathered(ROWS)
    assert (place, next_place) == ("log.csv:1", "log.csv:5")
    assert (made.frame_set_id, made.flaws, made.png) == (3, (), b"")
    assert [frame.frame for frame in made.frames] == [8, 10]
    assert made.frames[0].current_keys == "A"
    assert made.frames[0].key_history == ("None", "A")
    assert (made.frames[1].pc, made.frames[1].current_keys) == (0x0800_0000, "")
    assert made.frames[1].timestamp == START + 160
    assert [(scan.region, scan.chunk, scan.frame) for scan in made.changes] == [
        ("iwram", 0, 8),
        ("ewram", 0, 8),
        ("iwram", 1, 10),
    ]
    assert made.changes[0].addresses.tolist() == [0x0300_0000, 0x0300_0004]
    assert made.changes[0].freq.tolist() == [1, 2]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_batches_do_not_show(size: int) -> None:
    whole, parts = gathered(ROWS), gathered(ROWS, size)
    assert [(place, event_json(each)) for place, each in parts] == [(place, event_json(each)) for place, each in whole]
    assert [len(each.changes) for _, each in parts] == [len(each.changes) for _, each in whole]


def test_frames_out_of_order_are_put_in_order_and_flawed() -> None:
    ((_, found),) = gathered([log_row(0, 20), log_row(0, 21), log_row(0, 7, address="03000008")])
    assert [frame.frame for frame in found.frames] == [7, 20, 21]
    assert [scan.frame for scan in found.changes] == [7, 20, 21]
    assert found.flaws == (FRAMES_OUT_OF_ORDER,)


def test_six_frames_are_a_set_as_well() -> None:
    ((_, found),) = gathered([log_row(0, frame, chunk_id=frame) for frame in range(6)])
    assert len(found.frames) == 6
    assert found.whole


def test_an_empty_log_has_no_sets() -> None:
    assert gathered([]) == []
