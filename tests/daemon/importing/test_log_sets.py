"""Rows become frame sets, wherever the log is cut into blocks."""

import pytest

from daemon.importing.buttons import Buttons
from daemon.importing.csv_log import parse_rows
from daemon.importing.log_sets import FRAMES_OUT_OF_ORDER, LoggedSet, LogSets
from protocol.session.event_json import event_json
from tests.daemon.importing.made import START, log_row


def gathered(rows: list[str], size: int | None = None) -> list[LoggedSet]:
    log_sets = LogSets(Buttons({"A": "x"}))
    size = size or max(len(rows), 1)
    found: list[LoggedSet] = []
    for first in range(0, len(rows), size):
        block, _ = parse_rows("\n".join(rows[first : first + size]).encode())
        found.extend(log_sets.receive(block, first))
    return [*found, *log_sets.finish()]


ROWS = [
    log_row(3, 8, address="03000000"),
    log_row(3, 8, address="03000004", freq=2),
    log_row(3, 8, region="ewram", address="02000000", current_keys="x", key_history="None | x"),
    log_row(3, 10, address="03001000", chunk_id=1, pc="08000000", current_keys="F5"),
    log_row(4, 13, address="03000000"),
    log_row(4, 14, address="03001234", chunk_id=1),
]


def test_a_set_has_its_frames_and_scans() -> None:
    three, four = gathered(ROWS)
    assert [(each.part, each.line) for each in (three, four)] == [(0, 1), (0, 5)]
    made = three.frame_set
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
def test_blocks_do_not_show(size: int) -> None:
    whole, parts = gathered(ROWS), gathered(ROWS, size)
    assert [event_json(each.frame_set) for each in parts] == [event_json(each.frame_set) for each in whole]
    assert [len(each.frame_set.changes) for each in parts] == [len(each.frame_set.changes) for each in whole]
    assert [each.part + each.line for each in parts] == [each.line for each in whole]


def test_frames_out_of_order_are_put_in_order_and_told() -> None:
    rows = [log_row(0, 20), log_row(0, 21), log_row(0, 7, address="03000008")]
    (found,) = gathered(rows)
    assert [frame.frame for frame in found.frame_set.frames] == [7, 20, 21]
    assert [scan.frame for scan in found.frame_set.changes] == [7, 20, 21]
    assert found.frame_set.flaws == (FRAMES_OUT_OF_ORDER,)


def test_six_frames_are_a_set_as_well() -> None:
    (found,) = gathered([log_row(0, frame, chunk_id=frame) for frame in range(6)])
    assert len(found.frame_set.frames) == 6
    assert found.frame_set.whole


def test_an_empty_log_has_no_sets() -> None:
    assert gathered([]) == []
