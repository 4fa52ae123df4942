"""Frame sets become rows of the log, screenshots, and what stands beside. Shell: reads a session, writes screenshots.

Batches know nothing of each other: several are worked on at a time, each in a process of its own (see `crew`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.disk.files import map_os_errors
from daemon.importing.beside import beside_line
from daemon.importing.csv_rows import log_rows
from protocol.session.reader import open_session

__all__ = ["ExportTools", "LogPart", "open_work"]


@dataclass(frozen=True, slots=True)
class ExportTools:
    """Tools that every batch of an export is made with.

    Args:
        session: the session's folder.
        snapshots: where screenshots go; it exists.
    """

    session: Path
    snapshots: Path


@dataclass(frozen=True, slots=True)
class LogPart:
    """Frame sets that were exported.

    Args:
        frame_sets: how many.
        rows: their rows of the log.
        beside: their lines of what stands beside it.
    """

    frame_sets: int
    rows: bytes
    beside: bytes


def open_work(tools: ExportTools) -> Callable[[Sequence[int]], LogPart]:
    """Get ready for the frame sets of a session, by their numbers.

    Raises:
        SessionError: the session cannot be read.
    """
    session = open_session(tools.session)

    def export(numbers: Sequence[int]) -> LogPart:
        rows: list[bytes] = []
        beside: list[bytes] = []
        for number in numbers:
            frame_set = session.frame_set(number)
            rows.append(log_rows(frame_set))
            beside.append(beside_line(frame_set, session.annotations_document(number)))
            if frame_set.png:
                path = tools.snapshots / f"{number}.png"
                with map_os_errors(path):
                    path.write_bytes(frame_set.png)
        return LogPart(len(numbers), b"".join(rows), b"".join(beside))

    return export
