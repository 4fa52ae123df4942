"""Callbacks: the moments at which they are called, and their errors."""

import dataclasses

import pytest

from lua.headless.emulator import Emulator
from tests.fakes.consoles import SyntheticCore
from tests.lua.headless.conftest import StartScript

FOREVER = "\nwhile true do emu.frameadvance() end"


def test_a_frame_goes_start_console_end_script(start: StartScript) -> None:
    order: list[str] = []
    core = SyntheticCore(lambda *_: order.append("console"))
    emulator = start(
        "event.onframestart(function() print('start', emu.framecount()) end)"
        " event.onframeend(function() print('end', emu.framecount()) end)"
        " while true do emu.frameadvance() print('script', emu.framecount()) end",
        core,
        on_console_line=order.append,
    )
    emulator.run_frame()
    assert order == ["start\t0", "console", "end\t1", "script\t1"]


def test_a_script_that_yields_also_runs_before_the_frame(start: StartScript) -> None:
    emulator = start("while true do print(emu.framecount()) emu.yield() end")
    emulator.run_frames(2)
    assert emulator.console.lines == ["0", "0", "1", "1", "2"]


def test_an_error_is_printed_every_time_and_the_callback_stays(start: StartScript) -> None:
    emulator = start(
        "event.onframeend(function() error('broken') end) event.onframeend(function() print('unharmed') end)" + FOREVER
    )
    emulator.run_frames(3)
    assert (
        emulator.console.lines
        == [
            'NLua.Exceptions.LuaScriptException: [string "main"]:1: broken',
            "unharmed",
        ]
        * 3
    )


def test_an_error_of_bizhawk_itself_is_printed_too(start: StartScript) -> None:
    emulator = start("event.onframeend(function() memory.hash_region(0, 1 << 20, 'IWRAM') end)" + FOREVER)
    emulator.run_frame()
    assert "outside the bounds of domain IWRAM" in emulator.console.lines[-1]


def test_callbacks_have_ids_and_names(start: StartScript) -> None:
    emulator = start(
        "local id = event.onframeend(function() print('by id') end)"
        " event.onframeend(function() print('by name') end, 'named')"
        " print(#id, event.unregisterbyid('no such id'), event.unregisterbyid(id), event.unregisterbyid(id),"
        " event.unregisterbyname('named'))" + FOREVER
    )
    emulator.run_frame()
    assert emulator.console.lines == ["36\tFalse\tTrue\tFalse\tTrue"]


def test_only_functions_can_be_registered(start: StartScript) -> None:
    assert start("print((pcall(event.onframeend, 'a string')))").console.lines == ["False"]


def test_savestates_tell_their_names(start: StartScript) -> None:
    emulator = start(
        "event.onsavestate(function(name) print('saved', name, emu.framecount()) end)"
        " event.onloadstate(function(name) print('loaded', name, emu.framecount()) end)" + FOREVER
    )
    emulator.run_frames(2)
    state = emulator.save_state("Slot ü")
    emulator.run_frames(3)
    emulator.load_state(state)
    assert emulator.console.lines == ["saved\tSlot ü\t2", "loaded\tSlot ü\t2"]


def test_a_loaded_state_starts_and_ends_its_frame_once_more(start: StartScript) -> None:
    emulator = start(
        "event.onloadstate(function() print('loaded') end)"
        " event.onframestart(function() print('start', emu.framecount()) end)"
        " event.onframeend(function() print('end', emu.framecount()) end)"
        " while true do emu.frameadvance() print('script', emu.framecount()) end"
    )
    emulator.run_frame()
    state = emulator.save_state()
    emulator.run_frame()
    emulator.console.lines.clear()
    emulator.load_state(state)
    assert emulator.console.lines == ["loaded", "start\t1", "end\t1", "script\t1"]


@pytest.mark.parametrize(("flavour", "told"), [("2.10", 1), ("2.11", 2), ("2.11.1", 2)])
def test_the_oldest_bizhawk_fires_for_quick_saves_only(start: StartScript, flavour: str, told: int) -> None:
    emulator = start("event.onsavestate(function(name) print(name) end)" + FOREVER, flavour=flavour)
    emulator.save_state("QuickSave3")
    emulator.save_state("before the boss")
    assert emulator.console.lines == ["QuickSave3", "before the boss"][:told]


def test_a_states_userdata_replace_the_scripts(start: StartScript) -> None:
    emulator = start(
        "event.onsavestate(function() userdata.set('a', 2) userdata.set('b', 3) end)"
        " event.onloadstate(function() print(userdata.get('a'), userdata.get('b')) end)" + FOREVER,
        userdata={"a": 1},
    )
    with_userdata = emulator.save_state()
    emulator.load_state(with_userdata)
    emulator.save_state()
    emulator.load_state(dataclasses.replace(with_userdata, userdata={}))
    assert emulator.console.lines == ["1\tnil", "2\t3"]


def test_rewinding_and_resetting_tell_nothing(start: StartScript) -> None:
    emulator = start("event.onloadstate(function() print('loaded') end)" + FOREVER)
    emulator.run_frames(2)
    state = emulator.save_state()
    emulator.run_frames(2)
    emulator.rewind(state)
    emulator.reboot(script_runs_on=True)
    assert emulator.console.lines == []


class TestEndings:
    SCRIPT = (
        "event.onexit(function() print('exit') end) event.onconsoleclose(function() print('console closed') end)"
        " event.onframeend(function() print(emu.framecount()) end)"
    )

    def test_stopping_the_script_fires_onexit_and_forgets_the_callbacks(self, start: StartScript) -> None:
        emulator = start(self.SCRIPT + FOREVER)
        emulator.run_frame()
        emulator.stop_script()
        emulator.run_frame()
        emulator.stop_script()
        assert emulator.console.lines == ["1", "exit"]
        assert not emulator.script_runs

    def test_closing_emuhawk_fires_onconsoleclose_only(self, start: StartScript) -> None:
        emulator = start(self.SCRIPT + FOREVER)
        emulator.close()
        assert emulator.console.lines == ["console closed"]

    def test_a_main_chunk_that_returns_has_ended_and_its_callbacks_live_on(self, start: StartScript) -> None:
        emulator = start(self.SCRIPT)
        assert emulator.console.lines == ["exit"]
        assert not emulator.script_runs
        emulator.run_frame()
        assert emulator.console.lines == ["exit", "1"]

    def test_a_main_chunk_that_fails_has_ended_without_onexit(self, start: StartScript) -> None:
        emulator = start(self.SCRIPT + " error('broken')")
        emulator.run_frame()
        assert emulator.console.lines == ['NLua.Exceptions.LuaScriptException: [string "main"]:1: broken', "1"]

    def test_an_error_in_onexit_is_printed(self, start: StartScript) -> None:
        emulator = start("event.onexit(function() error('broken') end)" + FOREVER)
        emulator.stop_script()
        assert emulator.console.lines == ['NLua.Exceptions.LuaScriptException: [string "main"]:1: broken']


def test_observers_see_a_frame_before_the_script_does(start: StartScript) -> None:
    seen: list[str] = []

    def observe(emulator: Emulator) -> None:
        seen.append(f"observer {emulator.frame}")

    emulator = start("event.onframeend(function() print('script') end)" + FOREVER, on_console_line=seen.append)
    emulator.observers.append(observe)
    emulator.run_frames(2)
    assert seen == ["observer 1", "script", "observer 2", "script"]
