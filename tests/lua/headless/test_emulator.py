"""The whole stand-in emulator: what changes the console under a running script."""

import gc
import io
import weakref
from pathlib import Path

import numpy as np
from PIL import Image

from lua.headless.emulator import Emulator
from protocol.console import GBA
from protocol.recorded_inputs import parse_inputs
from tests.fakes.consoles import NoGame, SyntheticCore
from tests.lua.headless.conftest import StartScript
from tests.lua.headless.peer import Peer

FOREVER = "\nwhile true do emu.frameadvance() end"

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
    assert emulator.console.lines == ["started", "1\t1\tAA", "2\t2\tAA", "1\t1\tAA", "2\t2\tAA"]


def test_a_reboot_starts_all_three_again(start: StartScript) -> None:
    emulator = start(SHOW, counting())
    emulator.run_frames(2)
    emulator.reboot()
    emulator.run_frame()
    assert emulator.console.lines[-3:] == ["exit", "started", "1\t1\tAA"]


def test_a_change_of_games_starts_the_script_in_a_new_lua_state(start: StartScript) -> None:
    old = counting()
    emulator = start("print(x) x = 1 " + SHOW, old)
    emulator.run_frame()
    emulator.change_game(counting("BB" * 20))
    emulator.run_frame()
    before, after = emulator.console.lines[:3], emulator.console.lines[3:]
    assert before == ["(no return)", "started", "1\t1\tAA"]
    assert after == ["exit", "(no return)", "started", "1\t1\tBB"]
    assert old.closed


def test_the_script_is_stopped_when_the_other_game_is_there(start: StartScript) -> None:
    emulator = start("event.onexit(function() print(gameinfo.getromhash():sub(1, 2)) end)" + SHOW, counting())
    emulator.change_game(counting("BB" * 20))
    assert emulator.console.lines[:2] == ["started", "BB"]


def test_a_script_runs_on_if_it_opened_the_game_itself(start: StartScript) -> None:
    emulator = start(SHOW, counting())
    emulator.run_frame()
    emulator.change_game(counting("BB" * 20), script_runs_on=True)
    emulator.run_frame()
    assert emulator.console.lines == ["started", "1\t1\tAA", "1\t1\tBB"]


def test_without_a_game_there_is_no_system_and_no_memory(start: StartScript) -> None:
    emulator = start(
        "print(emu.getsystemid(), gameinfo.getromhash() == '', memory.getmemorydomainlist()[0])" + FOREVER,
        counting(),
    )
    emulator.change_game(NoGame())
    emulator.run_frame()
    assert emulator.console.lines == ["GBA\tFalse\tIWRAM", "NULL\tTrue\tSystem Bus"]


def test_the_script_keeps_its_socket_when_it_is_started_again(start: StartScript, peer: Peer) -> None:
    emulator = start("comm.socketServerSend('hello')" + FOREVER, counting(), link=peer.link)
    daemon = peer.accept()
    emulator.reboot()
    assert daemon.read(14) == b"5 hello5 hello"


def test_a_movie_plays_in_place_of_the_person(start: StartScript) -> None:
    given: list[int] = []
    emulator = start(
        "event.onframeend(function() print(joypad.get().B, joypad.getwithmovie().B, joypad.getwithmovie().A) end)"
        + FOREVER,
        SyntheticCore(lambda _core, pressed: given.append(pressed)),
        inputs=parse_inputs("0 B", Path("x")),
        movie=parse_inputs("0 A", Path("x")),
    )
    emulator.run_frame()
    assert emulator.console.lines == ["True\tFalse\tTrue"]
    assert given == [GBA.parse_combination("A")] == [emulator.pressed]


class TestPictures:
    @staticmethod
    def brightening() -> SyntheticCore:
        """A console whose picture is as bright as its frame's number."""

        def brighten(core: SyntheticCore, _pressed: int) -> None:
            core.picture += 1

        return SyntheticCore(brighten)

    def seen(self, emulator: Emulator, frames: int) -> list[int]:
        pictures = []
        for _ in range(frames):
            emulator.run_frame()
            pictures.append(Image.open(io.BytesIO(emulator.take_screenshot())))
        return [int(np.asarray(picture)[0, 0, 0]) for picture in pictures]

    def test_every_frame_is_drawn(self, start: StartScript) -> None:
        assert self.seen(start(FOREVER, self.brightening()), 3) == [1, 2, 3]

    def test_skipped_frames_are_not_drawn(self, start: StartScript) -> None:
        emulator = start("print(client.getconfig().FrameSkip, client.isturbo())" + FOREVER, self.brightening())
        emulator.run_frame()
        emulator.skipped_frames = 2
        assert self.seen(emulator, 7) == [1, 1, 4, 4, 4, 7, 7]

    def test_the_settings_tell_of_it(self, start: StartScript) -> None:
        emulator = start(
            "event.onframeend(function() local c = client.getconfig()"
            " print(c.FrameSkip, c.AutoMinimizeSkipping, client.isturbo()) end)" + FOREVER
        )
        emulator.run_frame()
        emulator.skipped_frames, emulator.turbo = 2, True
        emulator.run_frame()
        assert emulator.console.lines == ["4\tTrue\tFalse", "2\tFalse\tTrue"]

    def test_a_game_that_runs_ahead_is_drawn_now_and_then(self, start: StartScript) -> None:
        emulator = start(FOREVER, self.brightening())
        emulator.run_frame()
        emulator.turbo = True
        assert self.seen(emulator, 5) == [1, 1, 1, 5, 5]

    def test_they_can_be_scaled(self, start: StartScript) -> None:
        emulator = start(FOREVER)
        emulator.picture_scale = 2
        assert Image.open(io.BytesIO(emulator.take_screenshot())).size == (480, 320)


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
