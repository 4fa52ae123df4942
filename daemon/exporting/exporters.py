"""Datasets as the command line asks for them: one exporter for each format. Shell."""

from collections.abc import Callable, Sequence
from pathlib import Path

from daemon.exporting.options import DatasetOptions, Progress
from daemon.exporting.run import export_sessions
from daemon.managing.session_reader import SessionReader

__all__ = ["DatasetExporter"]


class DatasetExporter:
    """Writes sessions as a dataset; see `daemon.exporting.registry.Exporter`.

    Args:
        export_format: one of `formats.FORMATS`.
    """

    def __init__(self, export_format: str) -> None:
        self._format = export_format

    def export(
        self,
        sessions: Sequence[SessionReader],
        destination: Path,
        options: DatasetOptions,
        progress: Callable[[int], None],
    ) -> None:
        """Write the sessions."""
        told = 0

        def tell(so_far: Progress) -> None:
            nonlocal told
            progress(so_far.done - told)
            told = so_far.done

        export_sessions(sessions, self._format, destination, options, tell)
