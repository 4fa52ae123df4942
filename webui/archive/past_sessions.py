"""Sessions on disk that the daemon does not publish: recorded earlier, or imported. Shell."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from protocol.errors import LayoutError, SessionError
from protocol.session.layout import SessionFolder, session_id
from protocol.session.reader import SessionReader
from webui.archive.summaries import summary_of_metadata

__all__ = ["PastSessions"]


class PastSessions:
    """Summaries of all sessions in a data folder; only metadata that changed are read again.

    Args:
        data_folder: where the session folders are.
    """

    def __init__(self, data_folder: Path) -> None:
        self.data_folder = data_folder
        self._read: dict[str, tuple[int, dict[str, Any] | None]] = {}
        """By session id: when its metadata were written (ns), and its summary."""

    def read(self) -> list[dict[str, Any]] | None:
        """List the summaries of all sessions on disk, in no order; None if none has changed."""
        there = dict(self._metadata())
        if {name: stamp for name, (stamp, _) in self._read.items()} == there:
            return None
        self._read = {name: (stamp, self._summary(name, stamp)) for name, stamp in there.items()}
        return [summary for _, summary in self._read.values() if summary is not None]

    def _metadata(self) -> list[tuple[str, int]]:
        found = []
        with suppress(OSError), os.scandir(self.data_folder) as entries:
            for entry in entries:
                with suppress(OSError, LayoutError):
                    folder = SessionFolder(self.data_folder / session_id(entry.name))
                    found.append((entry.name, folder.metadata.stat().st_mtime_ns))
        return found

    def _summary(self, name: str, stamp: int) -> dict[str, Any] | None:
        known = self._read.get(name)
        if known is not None and known[0] == stamp:
            return known[1]
        with suppress(SessionError):
            return summary_of_metadata(name, SessionReader(SessionFolder(self.data_folder / name)).metadata_document())
        return None
