"""The schedule against the daemon's."""

import pytest

from protocol.regions import ScanMode, scheduled_chunks
from tests.lua.machine import Machine


@pytest.mark.parametrize("mode", list(ScanMode))
@pytest.mark.parametrize("frames_per_set", [1, 2, 5])
def test_the_script_scans_what_the_daemon_expects(lua: Machine, mode: ScanMode, frames_per_set: int) -> None:
    areas = [
        {"name": "a", "domain": "A", "base": 0, "size": 100, "offset": 0},
        {"name": "b", "domain": "B", "base": 0, "size": 72, "offset": 0},
    ]
    schedule = lua.require("scan.schedule")[b"build"](lua.to_lua(areas), frames_per_set, mode.encode())
    assert len(schedule) == frames_per_set
    for position in range(frames_per_set):
        due = [(chunk[b"region"], chunk[b"number"]) for chunk in schedule[position + 1].values()]
        expected = list(scheduled_chunks(mode, position, frames_per_set))
        assert due == [(region, chunk) for region in (0, 1) for chunk in expected]


def test_a_chunk_is_the_same_object_wherever_it_is_scanned(lua: Machine) -> None:
    same = lua.execute(
        """
        local area = { name = 'a', domain = 'A', base = 0, size = 100, offset = 0 }
        local schedule = require('scan.schedule').build({ area }, 5, 'full')
        return schedule[1][2] == schedule[5][2]
        """
    )
    assert same is True
