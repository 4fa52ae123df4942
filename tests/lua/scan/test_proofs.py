"""Proofs: each chunk in turn, one every so many sets."""

import pytest

from tests.lua.machine import Machine


def proofs(lua: Machine, mode: str, interval: int, sets: int) -> list[tuple[int, int, int, int]]:
    """Set, position, region and chunk of each proof."""
    areas = [{"name": n, "domain": n, "base": 0, "size": 64, "offset": 0} for n in "ab"]
    schedule = lua.require("scan.chunks")[b"schedule"](lua.to_lua(areas), 2, mode.encode())
    it = lua.require("scan.proofs")[b"new"](schedule, interval)
    due = []
    for number in range(sets):
        for position in range(2):
            chunk = it[b"due"](it, number, position)
            if chunk:
                due.append((number, position, chunk[b"region"], chunk[b"number"]))
    return due


def test_each_chunk_takes_its_turn_where_it_is_scanned(lua: Machine) -> None:
    expected = [(0, 0, 0, 0), (3, 0, 1, 0), (6, 1, 0, 1), (9, 1, 1, 1), (12, 0, 0, 0)]
    assert proofs(lua, "chunked", 3, 13) == expected


@pytest.mark.parametrize(("mode", "position"), [("atomic", 1), ("full", 0)])
def test_a_set_has_one_proof_in_every_mode(lua: Machine, mode: str, position: int) -> None:
    due = proofs(lua, mode, 1, 8)
    assert [(number, at) for number, at, _, _ in due] == [(number, position) for number in range(8)]
    assert len({(region, chunk) for _, _, region, chunk in due}) == 4


def test_never(lua: Machine) -> None:
    assert proofs(lua, "chunked", 0, 20) == []
