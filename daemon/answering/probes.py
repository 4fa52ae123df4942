"""Probes, each in a process of its own with a time limit, one at a time. Shell.

A probe plays the game up to a moment, which may take longer than a question. It goes on while it is asked for again:
until it is done, it is refused as *busy*.
"""

import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import Any

import orjson

from daemon.processes.child import child_options
from daemon.processes.questions import RelayedError
from protocol.errors import AnalysisProcessError, BusyError

__all__ = ["MAX_SECONDS", "Probes", "probe_command"]

MAX_SECONDS = 300.0
"""Seconds after which a probe is ended."""

_PATIENCE = 2.0
"""Seconds that a question waits for its probe."""

_KEPT = 60.0
"""Seconds for which an answer waits for the question that comes for it."""


def probe_command(data_folder: Path) -> list[str]:
    """Return the command line of the process for one probe."""
    return [sys.executable, "-m", "daemon.probing", str(data_folder)]


class _Probe:
    """A probe under way or done: its request, its answer, and until when that is kept."""

    def __init__(self, request: bytes, answer: "Future[Any]") -> None:
        self.request = request
        self.answer = answer
        self.done_at = float("inf")
        answer.add_done_callback(self._done)

    def _done(self, _answer: object) -> None:
        self.done_at = monotonic()


class Probes:
    """Runner of probes.

    Args:
        command: the command line of the process.
        patience: seconds that a question waits.
        max_seconds: as `MAX_SECONDS`.
    """

    def __init__(self, command: Sequence[str], patience: float = _PATIENCE, max_seconds: float = MAX_SECONDS) -> None:
        self._command = list(command)
        self._patience = patience
        self._max_seconds = max_seconds
        self._turn = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="probe")
        self._probe: _Probe | None = None

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Start a probe, or wait for the one of the same request.

        Returns:
            Its answer, once: the same request probes anew then.

        Raises:
            BusyError: it is not done yet, or another one is under way.
            AnalysisProcessError: it took too long, or its process failed.
            RelayedError: it refused.
        """
        probe = self._started(orjson.dumps(request, option=orjson.OPT_SORT_KEYS))
        try:
            found: dict[str, Any] = probe.answer.result(self._patience)
        except TimeoutError:
            raise BusyError("The game is being played in a core of its own: ask again in a moment.") from None
        finally:
            if probe.answer.done():
                self._forget(probe)
        return found

    def _started(self, request: bytes) -> _Probe:
        with self._turn:
            probe = self._probe
            if probe is not None and monotonic() - probe.done_at < _KEPT:
                if probe.request == request:
                    return probe
                if not probe.answer.done():
                    raise BusyError("Another probe is under way: ask again in a moment.")
            self._probe = _Probe(request, self._thread.submit(self._run, request))
            return self._probe

    def _forget(self, probe: _Probe) -> None:
        with self._turn:
            if self._probe is probe:
                self._probe = None

    def _run(self, request: bytes) -> Any:
        with subprocess.Popen(  # noqa: S603 - the command is ours
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            **child_options(),
        ) as process:
            assert process.stdin is not None  # noqa: S101 - both were asked for
            assert process.stdout is not None  # noqa: S101
            timer = threading.Timer(self._max_seconds, process.kill)
            timer.start()
            try:
                # Its standard input stays open: it ends with this process.
                process.stdin.write(request + b"\n")
                process.stdin.flush()
                data = process.stdout.read()
                is_late = not timer.is_alive()
            except OSError:
                data, is_late = b"", False
            finally:
                timer.cancel()
                process.kill()
        if is_late:
            raise AnalysisProcessError(
                f"The probe took more than {self._max_seconds:.0f} s and was ended: name an earlier moment."
            )
        return _answer_of(data)


def _answer_of(data: bytes) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise AnalysisProcessError("The process that probes ended without an answer: try it once more.") from None
    if "error" in answer:
        raise RelayedError(str(answer.get("kind")), str(answer["error"]))
    return answer
