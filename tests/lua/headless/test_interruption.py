import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import resources
from lua.headless.drivers import ButtonsDriver
from lua.headless.interruption import keep_interruption
from lua.headless.libretro_core import LibretroCore


@pytest.fixture
def heard() -> Iterator[None]:
    """Let Ctrl+C be heard: a shell that starts the tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_in_a_callback_of_the_core_is_not_lost(mgba: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    presses = [True]

    def state(*_: int) -> int:
        if presses:
            presses.pop()
            signal.raise_signal(signal.SIGINT)
        return 0

    monkeypatch.setattr(ButtonsDriver, "state", state)
    monkeypatch.setattr(sys, "unraisablehook", keep_interruption)  # In a test pytest has one of its own.
    with closing(LibretroCore(resources.demo_rom(), mgba)) as core:
        with pytest.raises(KeyboardInterrupt):
            core.run_frame(0)
        core.run_frame(0)
