"""The whole stand-in emulator: what changes the console under a running script."""

import gc
import weakref
from pathlib import Path

from lua.headless.core import SyntheticCore
from lua.headless.emulator import Emulator
from tests.lua.headless.conftest import StartScript
from tests.lua.headless.peer import Peer

SHOW = (
    "event.onframeend(function()"
    " print(emu.framecount(), memory.read_u8(0, 'IWRAM'), gameinfo.getromhash():sub(1, 2)) end)"
    " event.onexit(function() print('exit') end) print('started') while true do emu.frameadvance() end"
)


def counting(rom_hash: str = "AA" * 20) -> SyntheticCore:
    """A console whose first byte of IWRAM counts frames."""

    def count(core: SyntheticCore, _pressed: int) -> None:
        core.memories()["IWRAM"][0] += 1

    return SyntheticCore(count, rom_hash=rom_hash)


def test_loading_a_state_takes_memory_and_frame_count_back(start: StartScript) -> None:
    emulator = start(SHOW, counting())
    emulator.run_frame()
    state = emulator.save_state()
    emulator.run_frame()
    emulator.load_state(state)
    emulator.run_frame()
    assert emulator.console.lines == ["started", "1\t1\tAA", "2\t2\tAA", "2\t2\tAA"]


def test_a_reset_starts_both_again(start: StartScript) -> None:
    emulator = start(SHOW, counting())
    emulator.run_frames(2)
    emulator.reset()
    emulator.run_frame()
    assert emulator.console.lines[-1] == "1\t1\tAA"


def test_a_script_runs_on_across_a_change_of_games(start: StartScript) -> None:
    old = counting()
    emulator = start(SHOW, old)
    emulator.run_frame()
    emulator.change_game(counting("BB" * 20))
    emulator.run_frame()
    assert emulator.console.lines == ["started", "1\t1\tAA", "1\t1\tBB"]
    assert old.closed


def test_or_is_stopped_and_started_afresh(start: StartScript) -> None:
    emulator = start(SHOW, counting())
    emulator.run_frame()
    emulator.change_game(counting("BB" * 20), restart_script=True)
    emulator.run_frame()
    assert emulator.console.lines == ["started", "1\t1\tAA", "exit", "started", "1\t1\tBB"]


def test_several_emulators_share_nothing(start: StartScript) -> None:
    first, second = start("x = 1 " + SHOW, counting()), start("print(x) " + SHOW, counting("BB" * 20))
    first.run_frames(2)
    second.run_frame()
    assert first.console.lines == ["started", "1\t1\tAA", "2\t2\tAA"]
    assert second.console.lines == ["(no return)", "started", "1\t1\tBB"]


def test_closing_closes_the_console_and_the_connection(start: StartScript, peer: Peer) -> None:
    core = SyntheticCore()
    emulator = start(SHOW, core, link=peer.link)
    daemon = peer.accept()
    emulator.close()
    assert core.closed
    assert daemon.is_closed()


def test_a_closed_emulator_is_gone_lua_and_all(tmp_path: Path) -> None:
    script = tmp_path / "script.lua"
    script.write_text(SHOW, encoding="utf-8")
    core = counting()
    emulator = Emulator(core)
    emulator.start_script(script)
    emulator.run_frames(3)
    emulator.close()
    traces = weakref.ref(emulator), weakref.ref(core)
    del emulator, core
    gc.collect()
    assert [trace() for trace in traces] == [None, None]


def test_start_up_is_not_counted_as_a_frame(start: StartScript) -> None:
    emulator = start("for i = 1, 20 do emu.framecount() end while true do emu.frameadvance() emu.framecount() end")
    emulator.run_frames(3)
    summary = emulator.costs.summary()
    assert (summary.frames, summary.startup_calls, summary.calls.maximum) == (3, 20, 1)
