"""Rows of the original's log, as the importer reads them, and `freq` against counting the slow way."""

from random import Random
from typing import Any

from tests.daemon.importing.made import logged
from tests.lua.machine import Machine

REGIONS = [
    {"name": "iwram", "base": 0x0300_0000, "size": 0x8000},
    {"name": "ewram", "base": 0x0200_0000, "size": 0x40000},
]


def frame(number: int, *changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "frame": number,
        "time": 1_753_996_829_216,
        "pc": 0x0800_0102,
        "combination": "Up+A",
        "history": "None | Up | Up+A",
        "count": len(changes),
        "changes": list(changes),
    }


def columns(region: int, chunk: int, gaps: list[int], current: list[int], previous: list[int]) -> dict[str, Any]:
    names = ("region", "chunk", "count", "gaps", "current", "previous")
    return dict(zip(names, (region, chunk, len(gaps), gaps, current, previous), strict=True))


def test_rows(lua: Machine) -> None:
    log = lua.require("offline.csv_log")[b"new"](lua.to_lua(REGIONS), 5)
    first = frame(8, columns(0, 0, [0, 3], [1, 0xDEADBEEF], [0, 2]), columns(1, 4, [13103], [7], [6]))
    rows: bytes = log[b"rows"](log, 12, lua.to_lua(first))
    assert rows.decode().splitlines() == [
        "1753996829216,iwram,8,03000000,00000000,00000001,1,08000102,None | Up | Up+A,Up+A,12,0",
        "1753996829216,iwram,8,0300000C,00000002,DEADBEEF,1,08000102,None | Up | Up+A,Up+A,12,0",
        "1753996829216,ewram,8,0203FFFC,00000006,00000007,1,08000102,None | Up | Up+A,Up+A,12,4",
    ]
    more: bytes = log[b"rows"](log, 12, lua.to_lua(frame(9, columns(0, 1, [2], [1], [0]))))
    again: bytes = log[b"rows"](log, 12, lua.to_lua(frame(10, columns(0, 0, [3], [2], [1]))))
    parsed = logged(rows + more + again)
    assert [row["freq"] for row in parsed] == ["1", "1", "1", "1", "2"]
    assert int(parsed[3]["address"], 16) == 0x0300_0000 + 6556 + 8


def test_chunks_of_other_sizes_begin_where_those_before_end(lua: Machine) -> None:
    odd = {**REGIONS[0], "chunk_sizes": [4, 16384, 8192, 8184, 4]}
    log = lua.require("offline.csv_log")[b"new"](lua.to_lua([odd]), 5)
    told = frame(8, *(columns(0, chunk, [0], [1], [0]) for chunk in range(5)))
    rows: bytes = log[b"rows"](log, 12, lua.to_lua(told))
    addresses = [row.split(",")[3] for row in rows.decode().splitlines()]
    assert addresses == ["03000000", "03000004", "03004004", "03006004", "03007FFC"]


def test_a_frame_in_which_nothing_changed_has_no_row(lua: Machine) -> None:
    log = lua.require("offline.csv_log")[b"new"](lua.to_lua(REGIONS), 5)
    assert log[b"rows"](log, 0, lua.to_lua(frame(8))) == b""


def test_changes_of_the_last_hundred_frames_count(lua: Machine) -> None:
    frequency = lua.require("offline.csv_log")[b"new_frequency"]()
    dice = Random(1)
    seen: list[tuple[int, int]] = []
    for frame in range(50, 400):
        frequency[b"begin_frame"](frequency, frame)
        for address in dice.sample(range(20), dice.randrange(8)):
            seen.append((frame, address))
            expected = sum(1 for at, other in seen if other == address and at > frame - 100)
            assert frequency[b"count"](frequency, address) == expected


def test_a_jump_begins_again_from_0(lua: Machine) -> None:
    frequency = lua.require("offline.csv_log")[b"new_frequency"]()
    counts = []
    for frame in (7, 8, 20, 3):
        frequency[b"begin_frame"](frequency, frame)
        counts.append(frequency[b"count"](frequency, 4))
    assert counts == [1, 2, 1, 1]
