"""`python -m daemon` from its very first moment."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from protocol.version import PACKAGE_VERSION
from tests.fakes.patience import PATIENCE


def test_it_is_the_command_line() -> None:
    told = subprocess.run([sys.executable, "-m", "daemon", "--version"], check=True, capture_output=True, text=True)
    assert told.stdout == f"gbatrace {PACKAGE_VERSION}\n"


def test_little_is_loaded_before_ctrl_c_is_in_order() -> None:
    code = "import sys, daemon.__main__; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not {"numpy", "zmq", "typer", "rich", "asyncio", "daemon.cli.app"} & set(told.stdout.split())


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot send Ctrl+C to a process of its own there")
@pytest.mark.usefixtures("foreground")
@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3, 0.6, 1.0])
def test_ctrl_c_at_any_moment_of_the_start_ends_it_without_a_traceback(tmp_path: Path, seconds: float) -> None:
    options = ["--no-page", "--data", str(tmp_path), "--link-port", "0", "--bus-port", "0", "--command-port", "0"]
    # What Python itself does before it comes to our program is interrupted as Python likes.
    code = "from daemon.__main__ import main; print('begun'); main()"
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-c", code, "serve", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    was_lost = False
    try:
        _, errors = process.communicate(timeout=PATIENCE / 4)
    except subprocess.TimeoutExpired:  # Python loses one that comes within its own callbacks: a person presses again.
        was_lost = True
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode in {0, 130}, errors
    assert b"Traceback" not in errors or was_lost, errors
