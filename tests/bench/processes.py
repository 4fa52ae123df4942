"""The daemon and the senders as processes of their own."""

import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
import psutil

__all__ = ["DaemonProcess", "LiveClients", "Sender", "Sent", "Usage", "Watched"]

_ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0
_READY = "Ctrl+C ends"
_PORT = re.compile(r"socket[-_]port=(\d+)")
_PAGE = re.compile(r"https?://[\w.:\[\]-]+")


@dataclass(frozen=True, slots=True)
class Usage:
    """Use of processes: processor seconds since they began, resident memory in MiB now."""

    processor_seconds: float
    memory: float


class DaemonProcess:
    """`gbatrace serve` on free ports. A context manager.

    Args:
        data: its data folder.
        page: whether it serves the live page.

    Attributes:
        port: where emulators are awaited.
        page: address of the live page, empty without one.
        seconds: from its start until it waits for emulators.
    """

    def __init__(self, data: Path, *, page: bool = False) -> None:
        ports = ("--link-port", "0", "--bus-port", "0", "--command-port", "0", "--web-port", "0")
        command = [sys.executable, "-m", "daemon", "serve", "--data", str(data), *ports]
        started = time.perf_counter()
        self._process = subprocess.Popen(
            [*command, "--page" if page else "--no-page"],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self._lines: deque[str] = deque(maxlen=200)
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(_PATIENCE):
            self._process.kill()
        text = "".join(self._lines)
        port = _PORT.search(text)
        if port is None:
            raise RuntimeError(f"the daemon did not start: {text}")
        self.seconds = time.perf_counter() - started
        self.port = int(port[1])
        found = _PAGE.search(text)
        self.page = found[0] if page and found else ""
        self._root = psutil.Process(self._process.pid)

    def usage(self) -> Usage:
        """Say what the daemon and its children use."""
        return _usage([self._root, *self._root.children(recursive=True)])

    def writer_usage(self) -> Usage:
        """Say what the writer's process uses."""
        return _usage([child for child in self._root.children() if "daemon.writer" in child.cmdline()])

    def page_usage(self) -> Usage:
        """Say what the page's process uses."""
        return _usage([child for child in self._root.children() if "webui" in child.cmdline()])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._reader.join(_PATIENCE)
        self._process.wait(_PATIENCE)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.append(line)
                if _READY in line:
                    self._ready.set()
        self._ready.set()


def _usage(processes: Sequence[psutil.Process]) -> Usage:
    times = [process.cpu_times() for process in processes]
    memory = sum(process.memory_info().rss for process in processes) / 2**20
    return Usage(sum(each.user + each.system for each in times), memory)


@dataclass(frozen=True, slots=True)
class Sent:
    """Report of a sender.

    Args:
        seconds: from the first measured frame set to the last acknowledgement.
        sets: frame sets sent and acknowledged.
        changes: changed words in them.
        latencies: ms from the last byte of each set to its acknowledgement.
        lateness: how late a frame was at most, in seconds.
        sent_at: when the last byte of each set left, for each emulator; seconds since the epoch.
        processor_seconds: what the sender itself used.
    """

    seconds: float
    sets: int
    changes: int
    latencies: list[float]
    lateness: float
    sent_at: list[list[float]]
    processor_seconds: float


class Sender:
    """`python -m tests.bench.sender`, connected and warm. A context manager: at its end the emulators vanish."""

    def __init__(self, port: int, traffic: Path, emulators: int = 1, rate: float = 0.0, before: int = 2) -> None:
        options = {"port": port, "traffic": traffic, "emulators": emulators, "rate": rate, "before": before}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.sender", *words],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._hear()

    def send(self) -> Sent:
        """Send all traffic."""
        self.start()
        return self.sent()

    def start(self) -> None:
        """Begin to send."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()

    def sent(self) -> Sent:
        """Wait until all of it is acknowledged."""
        return Sent(**self._hear())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the sender failed, see above")
        document: dict[str, Any] = orjson.loads(line)
        return document


@dataclass(frozen=True, slots=True)
class Watched:
    """Report of browsers without a screen.

    Args:
        came: for each of them, when the preview of each frame set came: seconds since the epoch by frame set number.
        labelled: labels that the daemon has confirmed.
        label_delays: ms from each label that one of them gave until each of them had it.
    """

    came: Sequence[Mapping[str, float]]
    labelled: int
    label_delays: Sequence[float]


class LiveClients:
    """`python -m tests.bench.live_clients`, each of them watching. A context manager.

    Args:
        page: address of the page.
        clients: how many browsers.
        labellers: how many of them label as well.
    """

    def __init__(self, page: str, clients: int, labellers: int = 0) -> None:
        options = ("--page", page, "--clients", str(clients), "--labellers", str(labellers))
        command = [sys.executable, "-m", "tests.bench.live_clients", *options]
        self._process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._hear()

    def watched(self) -> Watched:
        """End watching."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        return Watched(**orjson.loads(self._hear()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def _hear(self) -> bytes:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the browsers failed, see above")
        return line
