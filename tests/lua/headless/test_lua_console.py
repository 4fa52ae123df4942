"""Lua console: its lines, and the limit of lines a turn."""

import pytest

from lua.headless.lua_console import LuaConsole
from tests.lua.headless.conftest import StartScript


@pytest.mark.parametrize(
    ("call", "lines"),
    [
        ("console.log('a', 1, 2.5, 3.0, true, nil)", ["a\t1\t2.5\t3\tTrue\tnil"]),
        ("console.log()", ["(no return)"]),
        ("console.log(nil)", ["(no return)"]),
        ("console.log({b = 2, a = 1})", ['"a": "1"', '"b": "2"', ""]),
        ("console.writeline('a', 'b')", ["a", "b"]),
        ("console.write('a', 'b') console.write('c') console.log('')", ["abc"]),
        ("console.log('kept') console.clear() console.log('new')", ["new"]),
        ("print('\\xff')", ["\ufffd"]),
    ],
)
def test_writes(start: StartScript, call: str, lines: list[str]) -> None:
    assert start(call).console.lines == lines


def test_a_flood_is_cut_off_until_the_next_turn(start: StartScript) -> None:
    emulator = start("while true do for i = 1, 150 do print(i) end emu.frameadvance() end")
    assert len(emulator.console.lines) == 100 + 2
    assert emulator.console.lines[99:] == ["100", "", "Flood warning! Message cap reached, suppressing output."]
    emulator.run_frame()
    assert len(emulator.console.lines) == 2 * 102


def test_passes_lines_on_as_they_appear() -> None:
    seen: list[str] = []
    console = LuaConsole(seen.append)
    console.write("one\ntw")
    console.log("o")
    assert seen == ["one", "two"]
