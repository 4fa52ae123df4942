"""A process that gives way to others."""

import subprocess
import sys
from pathlib import Path

import psutil

PROGRAM = """
import sys
from daemon.machine.priority import yield_to_others
yield_to_others()
print("ready", flush=True)
sys.stdin.read()
"""


def test_others_come_first() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().split() == [b"ready"]
        priority = psutil.Process(process.pid).nice()
        if sys.platform == "win32":
            assert priority == psutil.BELOW_NORMAL_PRIORITY_CLASS
        else:
            assert priority >= psutil.Process().nice() + 10
        autogroup = Path(f"/proc/{process.pid}/autogroup")
        if autogroup.exists():
            assert "nice 10" in autogroup.read_text(encoding="ascii")
        score = Path(f"/proc/{process.pid}/oom_score_adj")
        if score.exists():
            assert int(score.read_text(encoding="ascii")) >= 500
        process.communicate(b"")
