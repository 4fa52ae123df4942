"""The Lua that a script meets: real Lua 5.4, in the script's own folder, without a way out."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from lua.headless.emulator import Emulator
from lua.headless.errors import ScriptError
from lua.headless.script import LuaMachine, Script
from tests.lua.headless.conftest import StartScript

FOREVER = "\nwhile true do emu.frameadvance() end"


def test_it_is_lua_5_4(start: StartScript) -> None:
    assert start("print(_VERSION, 7 // 2, 1 << 40, math.type(2^53))").console.lines == [
        "Lua 5.4\t3\t1099511627776\tfloat"
    ]


def test_the_chunk_is_named_main_and_has_no_path(start: StartScript) -> None:
    assert start("print(debug.getinfo(1, 'S').source)").console.lines == ["main"]


def test_modules_are_found_next_to_the_script(start: StartScript, tmp_path: Path) -> None:
    (tmp_path / "scan").mkdir()
    (tmp_path / "scan" / "diff.lua").write_text("return { name = ... }", encoding="utf-8")
    (tmp_path / "wire").mkdir()
    (tmp_path / "wire" / "init.lua").write_text("return 'a package'", encoding="utf-8")
    assert start("print(require('scan.diff').name, (require('wire')))").console.lines == ["scan.diff\ta package"]


def test_relative_files_are_the_scripts_in_callbacks_too(start: StartScript, tmp_path: Path) -> None:
    emulator = start(
        "event.onframeend(function() local f = assert(io.open('new.txt', 'w')) f:write('one\\ntwo\\n') f:close()"
        " assert(os.rename('new.txt', 'renamed.txt'))"
        " for line in io.lines('renamed.txt') do print(line) end"
        " print(io.open('new.txt'), loadfile('missing.lua') == nil)"
        " local g = assert(io.open('gone.txt', 'w')) g:close() assert(os.remove('gone.txt')) end)" + FOREVER
    )
    emulator.run_frame()
    assert emulator.console.lines[:2] == ["one", "two"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["renamed.txt", "script0.lua"]


def test_absolute_paths_stay_what_they_are(start: StartScript, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    target = (folder / "file.txt").as_posix()
    start(f"local f = assert(io.open('{target}', 'wb')) f:write('x') f:close()")
    assert (folder / "file.txt").read_bytes() == b"x"


def test_callbacks_of_an_ended_script_are_no_longer_in_its_folder(
    start: StartScript, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    emulator = start("event.onframeend(function() local f = io.open('x.txt', 'w') f:close() end)")
    emulator.run_frame()
    assert (elsewhere / "x.txt").exists()


def test_two_scripts_in_one_process_each_have_their_folder(tmp_path: Path, start: StartScript) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.lua").write_text(f"return '{name}'", encoding="utf-8")
        (tmp_path / name / "main.lua").write_text("print((require('mine')))" + FOREVER, encoding="utf-8")
    first, second = start(FOREVER), start(FOREVER)
    first.start_script(tmp_path / "one" / "main.lua")
    second.start_script(tmp_path / "two" / "main.lua")
    assert (first.console.lines, second.console.lines) == (["one"], ["two"])


def test_a_script_started_again_meets_the_state_it_left(start: StartScript, tmp_path: Path) -> None:
    (tmp_path / "module.lua").write_text("print('loaded') return {}", encoding="utf-8")
    emulator = start("print(x) x = (x or 0) + 1 require('module') event.onexit(function() print('exit') end)" + FOREVER)
    emulator.start_script(tmp_path / "script0.lua")
    assert emulator.console.lines == ["(no return)", "loaded", "exit", "1"]


def test_a_module_that_does_not_compile_says_where(start: StartScript, tmp_path: Path) -> None:
    (tmp_path / "broken.lua").write_text("local x = = 1", encoding="utf-8")
    lines = start("print(select(2, pcall(require, 'broken')))").console.lines
    assert lines[0].startswith("error loading module 'broken' from file")
    assert "broken.lua:1: unexpected symbol near '='" in lines[1]


def test_a_missing_module_says_where_it_was_sought(start: StartScript, tmp_path: Path) -> None:
    lines = start("print(select(2, pcall(require, 'nowhere')))").console.lines
    assert "module 'nowhere' not found" in lines[0]
    assert any(str(tmp_path) in line and "nowhere.lua" in line for line in lines)


def test_there_is_no_way_out_of_lua(start: StartScript) -> None:
    script = (
        "print(io.popen, os.execute, os.exit, python) print((pcall(function() return memory.read_u8.__globals__ end)))"
    )
    assert start(script).console.lines == ["nil\tnil\tnil\tnil", "False"]


def test_time_works(start: StartScript) -> None:
    assert start("print(math.type(os.time()), math.type(os.clock()))").console.lines == ["integer\tfloat"]


def test_the_two_functions_that_yield_are_userdata_too(start: StartScript) -> None:
    assert start("print(type(emu.yield), type(emu.frameadvance))").console.lines == ["userdata\tuserdata"]


def test_yielding_outside_the_main_chunk_is_an_error(start: StartScript) -> None:
    emulator = start("event.onframeend(function() emu.yield() end)" + FOREVER)
    emulator.run_frame()
    assert "attempt to yield" in emulator.console.lines[-1]


def test_an_error_can_be_caught_and_reported(start: StartScript) -> None:
    script = (
        "local function fail() return select(2, pcall(memory.hash_region, -1, 1, 'IWRAM')) end"
        " local why, again = fail(), fail() print(type(why), why.InnerException.Message)"
        " print(tostring(why):gsub('%d+', '#'))"
        " print(tostring(why) == tostring(again), pcall(function() return why.X end))"
    )
    assert [line for line in start(script).console.lines if not line.startswith("Address")] == [
        "userdata\tAddress -1 is outside the bounds of domain IWRAM",
        "A .NET exception occured in user-code: #\t1",
        "False\tFalse\tno such member",
    ]


def test_wrong_arguments_are_refused_by_text(start: StartScript) -> None:
    script = (
        "print(select(2, pcall(memory.read_u8, 0, 'IWRAM', 1))) print(select(2, pcall(gui.text, 0, 0, 'x', 1, 2, 3)))"
        " print(select(2, pcall(emu.framecount, 1))) print(select(2, pcall(memory.read_u8)))"
    )
    assert start(script).console.lines == 4 * ["Invalid arguments to method call"]


class TestTheOldestBizHawk:
    FAIL = "pcall(memory.hash_region, -1, 1, 'IWRAM')"

    @pytest.mark.parametrize(("flavour", "runs"), [("2.10", False), ("2.11", True), ("2.11.1", True)])
    def test_its_main_chunk_is_not_protected(self, start: StartScript, flavour: str, runs: bool) -> None:
        emulator = start(f"{self.FAIL} print(emu.framecount()){FOREVER}", flavour=flavour)
        assert emulator.script_runs is runs
        assert ("0" in emulator.console.lines) is runs

    def test_nor_if_it_only_waits_afterwards(self, start: StartScript) -> None:
        assert not start(f"{self.FAIL}{FOREVER}", flavour="2.10").script_runs

    def test_its_callbacks_are(self, start: StartScript) -> None:
        emulator = start(f"event.onframeend(function() {self.FAIL} print('on') end){FOREVER}", flavour="2.10")
        emulator.run_frames(2)
        assert emulator.console.lines.count("on") == 2

    def test_plain_errors_of_lua_are_caught(self, start: StartScript) -> None:
        emulator = start(f"print((pcall(error, 'x'))){FOREVER}", flavour="2.10")
        assert emulator.script_runs


def test_bizhawks_own_folder_comes_first(start: StartScript, tmp_path: Path) -> None:
    own = tmp_path / "BizHawk" / "Lua"
    own.mkdir(parents=True)
    (own / "thing.lua").write_text("return 'an old copy'", encoding="utf-8")
    (tmp_path / "thing.lua").write_text("return 'ours'", encoding="utf-8")
    assert start("print((require('thing')))", lua_folder=own).console.lines == ["an old copy"]
    first = "package.path = './?.lua;' .. package.path print((require('thing')))"
    assert start(first, lua_folder=own).console.lines == ["ours"]


def test_a_missing_script_is_named(start: StartScript, tmp_path: Path) -> None:
    emulator: Emulator = start(FOREVER)
    with pytest.raises(ScriptError, match=r"missing\.lua cannot be read: No such file"):
        emulator.start_script(tmp_path / "missing.lua")


def test_a_script_that_does_not_compile_says_where(start: StartScript) -> None:
    with pytest.raises(ScriptError, match=r"does not compile: \[string \"main\"\]:2: .* near '='"):
        start("\nlocal x = = 1")


def test_a_scripts_text_is_utf8(start: StartScript) -> None:
    assert start("-- ünïcode\nprint('grün')").console.lines == ["grün"]


def test_a_machine_goes_without_waiting_for_the_search_for_cycles(tmp_path: Path) -> None:
    """An error that a function raised would keep it, and collecting that ends the interpreter."""
    path = tmp_path / "main.lua"
    path.write_text("hold(function() pcall(fail) end)", encoding="utf-8")
    held: list[Callable[[], object]] = []

    def fail() -> None:
        raise ConnectionRefusedError

    def run(machine: LuaMachine) -> None:
        machine.install_function("hold", held.append)
        machine.install_function("fail", fail)
        for _ in range(3):
            Script(machine, path).resume(frame_passed=True)
            callback = held[-1]
            callback()

    machine = LuaMachine()
    gone = weakref.ref(machine)
    gc.disable()
    try:
        run(machine)
        held.clear()
        machine.close()
        del machine
        assert gone() is None
    finally:
        gc.enable()
    gc.collect()
