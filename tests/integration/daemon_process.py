"""A real daemon in a process of its own, for tests that kill it."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from tests.fakes.process_control import OWN_GROUP, ask_to_stop
from tests.integration.full_disk import held_flag, torn_flag

__all__ = ["DaemonProcess"]

PARTS = {"page": "webui", "analysis": "daemon.answering"}
"""Words in the command lines of the daemon's children, by name; the writer has neither."""

START_PATIENCE = 60.0
STOP_PATIENCE = 60.0


class DaemonProcess:
    """`gbatrace serve`.

    Args:
        data_folder: where session folders are written.
        port: on which emulators are awaited.
        options: more of the command line.
        page_port: on which the live page is served; None for no page.

    Attributes:
        lines: what it tells the person at the keyboard.
        disk_is_full: a file; while it is there the disk is full.
        files_are_held: a file; while it is there another program holds every file, as on Windows.
        log_is_torn: a file; while it is there the writer dies in the midst of the next block of a log of changes.
    """

    def __init__(self, data_folder: Path, port: int, options: Sequence[str] = (), page_port: int | None = None) -> None:
        self.port = port
        self.page_port = page_port
        self.lines = data_folder.with_name(f"{data_folder.name}.lines")
        self.disk_is_full = data_folder.with_name(f"{data_folder.name}.is_full")
        self.files_are_held = held_flag(self.disk_is_full)
        self.log_is_torn = torn_flag(self.disk_is_full)
        self._options = ("--data", str(data_folder), "--link-port", str(port), "--bus-port", "0", *options)
        self._page = ("--no-page",) if page_port is None else ("--web-port", str(page_port))
        self._process: subprocess.Popen[bytes] | None = None
        self._told = 0

    def start(self, *, wait: bool = True, encoding: str = "utf-8") -> None:
        """Start it, and wait until it awaits emulators.

        Args:
            wait: whether to wait.
            encoding: of its standard output and error, which take nothing else.
        """
        with self.lines.open("ab") as lines:
            self._told = lines.tell()
            program = ("-m", "tests.integration.daemon_on_full_disk", str(self.disk_is_full))
            command = [sys.executable, *program, "serve", *self._page, "--command-port", "0", *self._options]
            environment = {**os.environ, "COLUMNS": "200", "PYTHONIOENCODING": f"{encoding}:strict"}
            self._process = subprocess.Popen(
                command,
                stdout=lines,
                stderr=lines,
                cwd=Path(__file__).parents[2],
                env=environment,
                creationflags=OWN_GROUP,
            )
        if wait:
            self.wait()

    def wait(self) -> None:
        """Wait until it awaits emulators."""
        process, deadline = self._running(), time.monotonic() + START_PATIENCE
        while b"Waiting for BizHawk" not in self.lines.read_bytes()[self._told :]:
            assert process.poll() is None, self.lines.read_text("utf-8")
            assert time.monotonic() < deadline, "the daemon did not start"
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill it where it stands."""
        process = self._running()
        process.kill()
        process.wait()

    def freeze(self) -> None:
        """Let it stand still."""
        psutil.Process(self._running().pid).suspend()

    def thaw(self) -> None:
        """Let it go on."""
        psutil.Process(self._running().pid).resume()

    def memory(self) -> dict[str, int]:
        """Return the resident memory of each of its processes, in bytes, by a name that people know."""
        root = psutil.Process(self._running().pid)
        sizes = {"daemon": root.memory_info().rss}
        for child in root.children():
            sizes[_name(child)] = child.memory_info().rss
        return sizes

    def part(self, name: str) -> psutil.Process | None:
        """Return its process of that name, `page`, `analysis` or `writer`, if it runs just now."""
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self._running().pid).children():
                if _name(child) == name:
                    return child
        return None

    def stop(self) -> int:
        """Ask it to end, and wait until everything is stored; its exit code."""
        process = self._running()
        ask_to_stop(process)
        return process.wait(STOP_PATIENCE)

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process


def _name(child: psutil.Process) -> str:
    words = child.cmdline()
    return next((name for name, word in PARTS.items() if word in words), "writer")
