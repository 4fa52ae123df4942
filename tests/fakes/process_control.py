"""Stopping and killing of processes, alike on every platform; psutil freezes them."""

import signal
import subprocess
import sys
from typing import Any

__all__ = ["KILLED", "OWN_GROUP", "ask_to_stop"]

if sys.platform == "win32":
    OWN_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
    """Flags for a process that is to be asked to stop: Windows asks a whole group, and we are not to be in it."""
    KILLED = signal.SIGTERM.value
    """Exit code of a process that was killed by psutil."""
    _STOP = signal.CTRL_BREAK_EVENT
else:
    OWN_GROUP = 0
    KILLED = -signal.SIGKILL.value
    _STOP = signal.SIGTERM  # Not SIGINT: a shell that starts the tests in the background has it ignored.


def ask_to_stop(process: subprocess.Popen[Any]) -> None:
    """Ask a process, started with `OWN_GROUP`, to end in order."""
    process.send_signal(_STOP)
