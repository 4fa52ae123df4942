"""A few seeds of the chaos, in processes of their own. All of it: `python -m tests.integration.chaos --runs 200`."""

import subprocess
import sys
from pathlib import Path

import pytest

RUNS = 4


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_is_lost_whatever_happens() -> None:
    command = [sys.executable, "-m", "tests.integration.chaos", "--runs", str(RUNS), "--seed", "1", "--steps", "5"]
    told = subprocess.run(
        command,
        check=False,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        encoding="utf-8",
        timeout=580,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert f"{RUNS} runs, 0 with problems" in told.stdout
