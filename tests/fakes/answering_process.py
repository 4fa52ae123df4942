"""An analysis process whose answers a test chooses: `python -m tests.fakes.answering_process`.

* `echo` — answers its arguments, after `seconds` of them.
* `die` — ends the process; with `once`, the path of a file, only where that is not there yet.
* `refuse` — a sentence with its kind; `fail` — a fault of the program; `exhaust` — no memory.
"""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from daemon.answering.__main__ import serve_questions
from daemon.machine.parent_socket import ignore_interrupts, join
from protocol.errors import SessionError

__all__ = ["COMMAND"]

COMMAND = [sys.executable, "-m", "tests.fakes.answering_process"]


def answer(command: str, arguments: Mapping[str, Any]) -> Any:
    match command:
        case "echo":
            time.sleep(arguments.get("seconds", 0))
            return arguments
        case "die":
            once = arguments.get("once", "")
            if once and Path(once).exists():
                return {"deaths": 1}
            if once:
                Path(once).touch()
            sys.stderr.write("it was too much\n")
            sys.stderr.flush()
            os._exit(7)
        case "refuse":
            raise SessionError("There is no such session.")
        case "exhaust":
            raise MemoryError
        case _:
            raise ZeroDivisionError


if __name__ == "__main__":
    ignore_interrupts()
    with join() as joined:
        serve_questions(joined, answer)
    os._exit(0)
