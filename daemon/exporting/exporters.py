"""Registry of the export formats by name, and the protocol of their exporters.

A format's module, and the library it needs, is imported when it is asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from daemon.exporting.engines import Engine
from daemon.exporting.options import DatasetOptions
from daemon.names.formats import NAME_FORMATS
from daemon.progress import Progress
from protocol.errors import SettingsError
from protocol.session.reader import SessionReader

__all__ = ["EXPORTERS", "ExportFormat", "Exporter", "open_exporter"]


class Exporter(Protocol):
    """Exporter of sessions in one format."""

    def export(self, folder: Path, progress: Progress, engine: Engine | None = None) -> Sequence[str]:
        """Write the sessions.

        You must not leave half a file under its final name, and not overwrite what is there.

        Args:
            folder: where to; it may exist.
            engine: does a task for each session; None for this process, one after the other.
            progress: called with how many more frame sets are done, after every few of them.

        Returns:
            Sentences about what was written that the person who exports should read.

        Raises:
            GbatraceError: a session is damaged, the folder is taken, or the disk refused.
        """
        ...


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format that sessions can be exported to.

    Args:
        summary: the format in a few words, for the help.
        module: module of `daemon.exporting`.
        exporter: the exporter's class in it; called with the sessions, at least one, and the options.
    """

    summary: str
    module: str
    exporter: str


EXPORTERS = {
    "csv": ExportFormat(
        "the original tool's 12-column log and its snapshots; to keep labels too copy the session's folder",
        "csv_export",
        "CsvExporter",
    ),
    "parquet": ExportFormat("three tables for DuckDB, polars, pandas and Spark", "parquet", "ParquetExporter"),
    "hf": ExportFormat(
        "a folder for Hugging Face datasets, with screenshots and a card", "hugging_face", "HuggingFaceExporter"
    ),
    "lerobot": ExportFormat("a LeRobotDataset v3.0: screenshot, buttons, time, labels", "lerobot", "LeRobotExporter"),
    "minari": ExportFormat("offline-RL episodes for Gymnasium users", "minari", "MinariExporter"),
    "webdataset": ExportFormat("tar shards", "webdataset", "WebDatasetExporter"),
    "jsonl": ExportFormat("windows of buttons, changes and labels, one a line", "jsonl", "JsonlExporter"),
}
"""The formats by the name that chooses them."""


def open_exporter(name: str, sessions: Sequence[SessionReader], options: DatasetOptions) -> Exporter:
    """Return the exporter of a format for these sessions.

    Raises:
        SettingsError: there is no such format.
        ExportError: a library is missing, or these sessions do not go together in this format.
    """
    if name in NAME_FORMATS:
        raise SettingsError(
            f"{name} is made of names, not of frame sets: "
            f"gbatrace names export --session SESSION --format {name} --output FILE"
        )
    if name not in EXPORTERS:
        raise SettingsError(f"There is no format {name!r}; there are {', '.join(EXPORTERS)}.")
    chosen = EXPORTERS[name]
    make = getattr(import_module(f"daemon.exporting.{chosen.module}"), chosen.exporter)
    return cast("Callable[[Sequence[SessionReader], DatasetOptions], Exporter]", make)(sessions, options)
