"""Priority of this process below that of others. Shell."""

import os
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["yield_to_others"]

_NICE = 10
_FIRST_TO_GO = 500
"""Points of 1,000 by which the system sooner ends this process than others where memory is short."""


def yield_to_others() -> None:
    """Lower this process's priority, and let it be the first to end where memory is short.

    Raises:
        OSError: the system refused.
    """
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - for Windows alone
        import subprocess  # noqa: PLC0415 - has the number of the class

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.SetPriorityClass.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
        if not kernel.SetPriorityClass(kernel.GetCurrentProcess(), subprocess.BELOW_NORMAL_PRIORITY_CLASS):
            raise ctypes.WinError(ctypes.get_last_error())
        return
    os.nice(_NICE)
    # Linux schedules each session of processes as one (sched(7), "The autogroup feature"): within its own, as our
    # children have, `nice` alone changes nothing.
    for setting, value in (("autogroup", _NICE), ("oom_score_adj", _FIRST_TO_GO)):
        with suppress(OSError):
            Path("/proc/self", setting).write_text(f"{value}", encoding="ascii")
