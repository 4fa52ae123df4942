"""BizHawk's `client` library."""

import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from lua.headless.flavours import FLAVOURS
from tests.lua.headless.conftest import StartScript

FOREVER = "\nwhile true do emu.frameadvance() end"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_bizhawk_reports_its_version(start: StartScript, flavour: str) -> None:
    assert start("print(client.getversion())", flavour=flavour).console.lines == [flavour]


def test_a_screenshot_goes_to_a_file_next_to_the_script(start: StartScript, tmp_path: Path) -> None:
    start("client.screenshot('shot.png')")
    with Image.open(io.BytesIO((tmp_path / "shot.png").read_bytes())) as image:
        assert image.size == (240, 160)


def test_a_screenshot_makes_the_folders_that_it_needs(start: StartScript, tmp_path: Path) -> None:
    start("client.screenshot('a/b/shot.png') client.screenshot('a/b/shot.png')")
    assert (tmp_path / "a" / "b" / "shot.png").is_file()


def test_a_script_sleeps_until_the_emulator_is_asked_to_end(start: StartScript) -> None:
    emulator = start("emu.frameadvance() client.sleep(1) print(pcall(client.sleep, 600000))" + FOREVER)
    threading.Timer(0.1, emulator.asked_to_end.set).start()
    emulator.run_frame()
    assert emulator.console.lines[0].startswith("False")


def test_a_script_can_ask_to_exit(start: StartScript) -> None:
    emulator = start("emu.frameadvance() client.exit()" + FOREVER)
    assert not emulator.exit_requested
    emulator.run_frame()
    assert emulator.exit_requested
