"""Process that answers one probe, `python -m daemon.probing`; never the daemon's own. Shell."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from daemon.processes.child import child_options
from protocol.errors import AnalysisProcessError

__all__ = ["ProbeProcess"]

_PATIENCE = 300.0
"""Seconds: the longest way to a moment, the end of an hour, takes two minutes once."""


class ProbeProcess:
    """A probe in a process of its own.

    Args:
        data_folder: the session folders.
        request: as `daemon.probing.request.ProbeRequest.from_map` reads it.
    """

    def __init__(self, data_folder: Path, request: Mapping[str, Any]) -> None:
        self._request = orjson.dumps(dict(request))
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-m", "daemon.probing", str(data_folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            **child_options(),
        )

    def answer(self, patience: float = _PATIENCE) -> dict[str, Any]:
        """Wait for the answer; blocks.

        Args:
            patience: seconds after which it is given up.

        Returns:
            `ProbeResult.as_map`, or `error` and `kind` where there is no answer.

        Raises:
            AnalysisProcessError: it took too long, was killed, or crashed.
        """
        try:
            output, _ = self._process.communicate(self._request, patience)
        except subprocess.TimeoutExpired:
            raise AnalysisProcessError(
                f"The probe took longer than {patience:.0f} seconds and was stopped: choose an earlier moment."
            ) from None
        finally:
            self.kill()
            with self._process:  # Waits for its end, and closes the pipes.
                pass
        try:
            answer = orjson.loads(output)
        except orjson.JSONDecodeError:
            code = self._process.returncode
            raise AnalysisProcessError(f"The probe ended without an answer (exit code {code}): try again.") from None
        return dict(answer)

    def kill(self) -> None:
        """End it, if it still runs; the core that it plays in ends with it. For any thread."""
        self._process.kill()
