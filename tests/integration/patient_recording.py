"""`gbatrace record` while the process that writes stands still: what comes of it."""

import subprocess
import sys
import time
from pathlib import Path

import psutil

import resources
from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from tests.fakes.patience import PATIENCE

__all__ = ["FRAMES", "record_with_a_stalled_writer"]

FRAMES = 400


def record_with_a_stalled_writer(data: Path, seed: int, stall: float) -> str:
    """Record the demo game, and let its writer stand still once the first frame set is stored.

    Args:
        data: a data folder of its own; the session is called `stall`, what was said stands beside it in `stall.lines`.
        seed: of the play.
        stall: seconds.

    Returns:
        What went wrong; empty where nothing did.
    """
    command = [
        *(sys.executable, "-m", "daemon", "record", "--rom", str(resources.demo_rom()), "--frames", str(FRAMES)),
        *("--seed", str(seed), "--data", str(data), "--session-name", "stall"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as recording:
        deadline = time.monotonic() + 2 * PATIENCE
        while not (data / "stall" / "0").is_dir() and recording.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        for part in psutil.Process(recording.pid).children() if recording.poll() is None else ():
            if "daemon.writer" in part.cmdline():
                part.suspend()
                time.sleep(stall)
                part.resume()
        told, _ = recording.communicate(timeout=8 * PATIENCE)
    (data.parent / "stall.lines").write_text(told, "utf-8")
    if recording.returncode:
        return f"record ended with code {recording.returncode}: {told}"
    report = verify_session(data / "stall")
    if report.grade is not Grade.WHOLE or report.frame_sets != FRAMES // 5 or report.screenshots != FRAMES // 5:
        return f"record with a stalled writer has {report}"
    return ""
