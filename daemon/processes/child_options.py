"""Options with which every child process of ours is started. Shell.

* What it writes is UTF-8, whatever the system's code page: "José" stays "José".
* Windows: it has a console of its own that nobody sees. So none appears where this process has none, and neither
  Ctrl+Break nor the closing of our window ends it before us. POSIX: a session of its own does the same.
"""

import os
import subprocess
import sys
from typing import Any

from protocol.output import UTF8_OUTPUT

__all__ = ["child_options"]


def child_options() -> dict[str, Any]:
    """Return the keyword arguments of `subprocess.Popen`."""
    options: dict[str, Any] = {"env": {**os.environ, **UTF8_OUTPUT}}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        options["start_new_session"] = True
    return options
