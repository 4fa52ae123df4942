"""BizHawk's `emu` library."""

import pytest

from protocol.errors import CoreError
from tests.fakes.consoles import SyntheticCore
from tests.lua.headless.conftest import StartScript


def test_the_program_counter_is_signed(start: StartScript) -> None:
    core = SyntheticCore()
    core.pc = 0xFFFF_0010
    script = "print(emu.getregister('R15'), emu.getregister('R15') & 0xffffffff, emu.getregister('nonsense'))"
    assert start(script, core).console.lines == [f"{0xFFFF0010 - (1 << 32)}\t{0xFFFF0010}\t0"]


def test_all_of_them_at_once(start: StartScript) -> None:
    assert start("print(emu.getregisters().R15)").console.lines == [str(0x0800_0000)]


def test_a_core_without_registers_gives_0_and_says_so_each_time(
    start: StartScript, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_core: SyntheticCore) -> None:
        raise CoreError("This libretro core does not show the processor's registers: use an mGBA core.")

    monkeypatch.setattr(SyntheticCore, "registers", refuse)
    lines = start("print(emu.getregister('R15'), next(emu.getregisters()))").console.lines
    assert lines == 2 * ["Error: this core does not yet implement GetCpuFlagsAndRegisters()"] + ["0\tnil"]


def test_the_frame_count_counts_frames_that_were_run(start: StartScript) -> None:
    emulator = start("print(emu.framecount()) emu.frameadvance() print(emu.framecount())")
    emulator.run_frame()
    assert emulator.console.lines == ["0", "1"]


def test_the_system_is_a_gba(start: StartScript) -> None:
    assert start("print(emu.getsystemid())").console.lines == ["GBA"]
