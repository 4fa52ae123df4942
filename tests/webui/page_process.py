"""The page server as a process of its own, as `serve` starts it."""

import subprocess
import sys
from pathlib import Path

from tests.fakes.bus_daemon import FakeDaemon

__all__ = ["PageProcess"]

_ROOT = Path(__file__).parents[2]


class PageProcess:
    """A page server that follows a fake daemon.

    Args:
        daemon: the daemon, started.
    """

    def __init__(self, daemon: FakeDaemon) -> None:
        self._bus = ("--bus-pub", daemon.bus_pub, "--bus-router", daemon.bus_router)
        self._port = "0"
        self.address = ""

    def start(self) -> None:
        """Start it, on the port of the last time where there was one."""
        command = [sys.executable, "-m", "webui", *self._bus, "--web-port", self._port, "--exit-with-stdin"]
        self._process = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("page: "), f"the page server did not start: {line}"
        self.address = line.split()[1]
        self._port = self.address.rsplit(":", 1)[1]

    def stop(self) -> None:
        """End it."""
        self._process.communicate(timeout=10)
        assert self._process.returncode == 0
