import signal
import sys
from pathlib import Path

import pytest

import resources
from lua.headless.drivers import ButtonsDriver
from lua.headless.interruption import keep_interruption
from lua.headless.libretro_core import LibretroCore


def test_ctrl_c_in_a_callback_of_the_core_is_not_lost(mgba: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    presses = [True]

    def state(*_: int) -> int:
        if presses:
            presses.pop()
            signal.raise_signal(signal.SIGINT)
        return 0

    monkeypatch.setattr(ButtonsDriver, "state", state)
    monkeypatch.setattr(sys, "unraisablehook", keep_interruption)  # In a test pytest has one of its own.
    core = LibretroCore(resources.demo_rom(), mgba)
    with pytest.raises(KeyboardInterrupt):
        core.run_frame(0)
    core.run_frame(0)
    core.close()
