"""`gbatrace record` while the process that writes stands still: it waits, says so, and nothing is lost."""

import re
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import resources
from tests.fakes.patience import PATIENCE

FRAMES = 400
STALL = 7.0
"""Seconds; longer than the script's patience in a player's emulator, and than people are left without a word."""


@pytest.mark.usefixtures("mgba")
def test_a_stalled_writer_costs_time_and_no_frame_set(tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "daemon", "record", "--rom", str(resources.demo_rom()), "--frames", str(FRAMES)),
        *("--seed", "3", "--data", str(tmp_path), "--session-name", "stall"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as recording:
        deadline = time.monotonic() + PATIENCE
        while not (tmp_path / "stall" / "0").is_dir():
            assert time.monotonic() < deadline, "nothing is recorded"
            time.sleep(0.005)
        (writer,) = (one for one in psutil.Process(recording.pid).children() if "daemon.writer" in one.cmdline())
        writer.suspend()
        time.sleep(STALL)
        writer.resume()
        told, _ = recording.communicate(timeout=4 * PATIENCE)
    assert recording.returncode == 0, told
    assert re.search(r"The disk has not answered for \d+ s: recording waits for it\.", told)
    assert "The disk answers again" in told
    assert "Everything is stored. Goodbye." in told
    assert len(list((tmp_path / "stall").glob("*/event.json"))) == FRAMES // 5
    assert len(list((tmp_path / "stall").glob("*/*.png"))) == FRAMES // 5
