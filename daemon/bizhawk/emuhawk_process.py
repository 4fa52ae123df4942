"""Process of BizHawk, which outlives ours. Shell: process, thread, log."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from daemon.processes.child import deliver_on
from protocol.errors import BizHawkError

__all__ = ["EmuHawkProcess"]

_LAST_BYTES = 4096
"""Bytes of the log's end in which its last line is looked for."""


class EmuHawkProcess:
    """A running BizHawk, which belongs to the player and outlives us.

    Neither Ctrl+C nor the closing of the terminal's window reaches it.

    Args:
        program: the file that starts it.
        arguments: what follows on its command line.
        log: where its output goes, such as that of EmuHawkMono.sh. Not a pipe, which would end with us.

    Raises:
        BizHawkError: it cannot be started.
    """

    def __init__(self, program: Path, arguments: Sequence[str], log: Path) -> None:
        self._log = log
        self._exit: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        windows = sys.platform == "win32"
        try:
            with _opened(log) as output:
                self._process = subprocess.Popen(  # noqa: S603 - the program is the user's own
                    [str(program), *arguments],
                    cwd=program.parent,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    creationflags=subprocess.CREATE_NEW_PROCESS_GROUP if windows else 0,  # type: ignore[attr-defined,unused-ignore]
                    start_new_session=not windows,
                )
        except OSError as error:
            hint = f"make it executable with `chmod +x {program.name}`"
            if windows or os.access(program, os.X_OK):
                hint = "start it once by hand, or name another BizHawk with --bizhawk"
            raise BizHawkError(f"{program} cannot be started ({error.strerror or error}): {hint}.") from None
        deliver = deliver_on(asyncio.get_running_loop(), self._exit.set_result)
        # Not a thread of the event loop's pool, which would be waited for at the end.
        threading.Thread(target=lambda: deliver(self._process.wait()), name="BizHawk", daemon=True).start()

    @property
    def is_running(self) -> bool:
        """Return whether it has not ended yet."""
        return self._process.poll() is None

    async def wait(self) -> int:
        """Wait until BizHawk is closed.

        Returns:
            Its exit code.
        """
        return await asyncio.shield(self._exit)

    def last_line(self) -> str:
        """Return the last line of its output, empty where there is none."""
        try:
            with self._log.open("rb") as log:
                log.seek(0, 2)
                log.seek(max(0, log.tell() - _LAST_BYTES))
                lines = log.read().decode("utf-8", "replace").split("\n")
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _opened(log: Path) -> IO[bytes]:
    """Open the log, or where there can be none, nowhere: BizHawk plays without it."""
    try:
        return log.open("wb")
    except OSError:
        return open(os.devnull, "wb")  # noqa: PTH123 - a path of no folder
