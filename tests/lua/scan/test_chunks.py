"""Chunks and schedule by the specification's numbers, and as the daemon has them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import MessageError
from protocol.regions import Region, ScanMode, scheduled_chunks
from tests.lua.machine import Machine, from_lua

LUA = Machine()


def split(size: int, count: int, offset: int = 0) -> Any:
    region = {"name": "r", "domain": "D", "base": 0x1000, "size": size, "offset": offset}
    return from_lua(LUA.require("scan.chunks")[b"split"](LUA.to_lua(region), 3, count))


@pytest.mark.parametrize(
    ("size", "sizes"),
    [(0x8000, [6556] * 4 + [6544]), (0x40000, [52432] * 4 + [52416])],
)
def test_the_gbas_regions_are_split_as_the_specification_says(size: int, sizes: list[int]) -> None:
    assert [chunk["bytes"] for chunk in split(size, 5)] == sizes


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60))
def test_chunks_of_other_sizes_are_those_of_the_daemon(words: list[int]) -> None:
    sizes = [4 * size for size in words]
    region = {"name": "r", "domain": "D", "base": 0, "size": sum(sizes), "offset": 0x100, "chunk_sizes": sizes}
    chunks = from_lua(LUA.require("scan.chunks")[b"split"](LUA.to_lua(region), 0, len(sizes)))
    expected = Region("r", 0, sum(sizes), len(sizes), tuple(sizes)).chunks
    assert [(chunk["address"] - 0x100, chunk["words"]) for chunk in chunks] == [
        (4 * chunk.first_word, chunk.words) for chunk in expected
    ]
    assert [chunk["bytes"] for chunk in chunks] == sizes


def test_chunks_know_where_they_are() -> None:
    first, second = split(24, 2, offset=0x100)
    assert first == {"region": 3, "number": 0, "domain": "D", "base": 0x1000, "address": 0x100, "bytes": 12, "words": 3}
    assert second == {
        "region": 3,
        "number": 1,
        "domain": "D",
        "base": 0x100C,
        "address": 0x10C,
        "bytes": 12,
        "words": 3,
    }


@given(st.integers(1, 5000), st.integers(1, 60))
def test_the_script_splits_as_the_daemon_does(words: int, count: int) -> None:
    try:
        expected = Region("r", 0, 4 * words, count).chunks
    except MessageError:
        assert split(4 * words, count) is None
    else:
        chunks = split(4 * words, count)
        assert [(chunk["address"] // 4, chunk["words"]) for chunk in chunks] == [
            (chunk.first_word, chunk.words) for chunk in expected
        ]


@pytest.mark.parametrize("mode", list(ScanMode))
@pytest.mark.parametrize("frames_per_set", [1, 2, 5])
def test_the_script_scans_what_the_daemon_expects(lua: Machine, mode: ScanMode, frames_per_set: int) -> None:
    areas = [
        {"name": "a", "domain": "A", "base": 0, "size": 100, "offset": 0},
        {"name": "b", "domain": "B", "base": 0, "size": 72, "offset": 0},
    ]
    schedule = lua.require("scan.chunks")[b"schedule"](lua.to_lua(areas), frames_per_set, mode.encode())
    assert len(schedule) == frames_per_set
    for position in range(frames_per_set):
        due = [(chunk[b"region"], chunk[b"number"]) for chunk in schedule[position + 1].values()]
        expected = list(scheduled_chunks(mode, position, frames_per_set))
        assert due == [(region, chunk) for region in (0, 1) for chunk in expected]


def test_a_chunk_is_the_same_object_wherever_it_is_scanned(lua: Machine) -> None:
    same = lua.execute(
        """
        local area = { name = 'a', domain = 'A', base = 0, size = 100, offset = 0 }
        local schedule = require('scan.chunks').schedule({ area }, 5, 'full')
        return schedule[1][2] == schedule[5][2]
        """
    )
    assert same is True
