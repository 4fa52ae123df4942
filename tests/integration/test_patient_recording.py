"""`gbatrace record` while the process that writes stands still: it waits, says so, and nothing is lost."""

import re
from pathlib import Path

import pytest

from tests.integration.patient_recording import record_with_a_stalled_writer

STALL = 7.0
"""Seconds; longer than the script's patience in a player's emulator, and than people are left without a word."""


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("mgba")
def test_a_stalled_writer_costs_time_and_no_frame_set(tmp_path: Path) -> None:
    assert record_with_a_stalled_writer(tmp_path / "data", seed=3, stall=STALL) == ""
    told = (tmp_path / "stall.lines").read_text("utf-8")
    assert re.search(r"The disk has not answered for \d+ s: recording waits for it\.", told)
    assert "The disk answers again" in told
    assert "Everything is stored. Goodbye." in told
