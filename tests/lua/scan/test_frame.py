"""Frames are used again: nothing of the last use may show."""

from tests.lua.machine import Machine


def test_columns_count_once_kept_and_not_after_a_clear(lua: Machine) -> None:
    lua.execute(
        """
        local frame = require('scan.frame').new()
        local chunk = { region = 1, number = 3 }
        local first = frame:blank()
        assert(frame:blank() == first and frame.count == 0)
        first.gaps[1] = 7
        frame:keep(chunk, 1)
        assert(frame.count == 1 and first.region == 1 and first.chunk == 3 and first.count == 1)
        assert(frame:blank() ~= first)
        frame:clear()
        assert(frame.count == 0 and frame:blank() == first)
        """
    )
