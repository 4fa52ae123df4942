"""BizHawk's userdata as the script uses it."""

from tests.lua.machine import Machine


def test_what_is_left_is_taken_once(lua: Machine) -> None:
    lua.execute(
        "local bag = { scan_mode = 'full' } userdata = { get = function(k) return bag[k] end,"
        " set = function(k, v) bag[k] = v end, remove = function(k) bag[k] = nil end }"
    )
    port = lua.require("host.userdata")
    assert port[b"get"](b"scan_mode") == b"full"
    assert port[b"take_handover"]() is None
    port[b"leave_handover"](b"a word")
    assert port[b"take_handover"]() == b"a word"
    assert port[b"take_handover"]() is None


def test_a_bizhawk_without_it_has_nothing(lua: Machine) -> None:
    lua.execute("userdata = nil")
    port = lua.require("host.userdata")
    port[b"leave_handover"](b"a word")
    assert port[b"get"](b"scan_mode") is None
    assert port[b"take_handover"]() is None
