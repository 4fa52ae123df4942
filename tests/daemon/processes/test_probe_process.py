"""The process of one probe, as the daemon starts it."""

import time
from pathlib import Path

import psutil
import pytest

from daemon.processes.probe_process import ProbeProcess
from protocol.errors import AnalysisProcessError


def test_its_answer_may_be_an_error(tmp_path: Path) -> None:
    answer = ProbeProcess(tmp_path, {"session": "run", "axis": True}).answer()
    assert answer["kind"] == "SessionError"
    assert "run" in answer["error"]


def test_one_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    process = ProbeProcess(tmp_path, {"session": "run", "axis": True})
    psutil.Process(process._process.pid).suspend()
    with pytest.raises(AnalysisProcessError, match="took longer than 1 seconds"):
        process.answer(patience=1)
    assert process._process.returncode is not None


def test_one_that_is_killed_says_so(tmp_path: Path) -> None:
    process = ProbeProcess(tmp_path, {"session": "run", "axis": True})
    time.sleep(0.01)
    process.kill()
    with pytest.raises(AnalysisProcessError, match="without an answer"):
        process.answer()
