"""The formats that sessions can be exported to: one port, and where its adapters are found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, TypeAlias

from daemon.batch.session_reader import SessionReader
from daemon.export.formats import SYMBOL_FORMATS
from daemon.export.options import DatasetOptions
from protocol.errors import SettingsError

__all__ = ["EXPORTERS", "Exporter", "Format", "Progress", "find_exporter"]


Progress: TypeAlias = Callable[[int], None]
"""Told how many more frame sets are done."""


class Exporter(Protocol):
    """Writes sessions in one format; made without arguments."""

    def export(
        self, sessions: Sequence[SessionReader], destination: Path, options: DatasetOptions, progress: Progress
    ) -> None:
        """Write the sessions.

        You must not leave half a file under its final name, and not overwrite what is there.

        Args:
            sessions: at least one.
            destination: a folder, which may exist.
            options: what was chosen.
            progress: to be called after every few frame sets.

        Raises:
            GbatraceError: a session is damaged, the destination is taken, or the disk refused.
        """
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format and where its exporter is found.

    Args:
        exporter: the class as `module:name`. It is imported when the format is chosen: its libraries are an extra.
        extra: the extra of gbatrace that brings those libraries, empty where it needs none.
        summary: what the format is for, in a few words.
    """

    exporter: str
    extra: str
    summary: str


EXPORTERS: dict[str, Format] = {
    "csv": Format("daemon.batch.csv_export:CsvExporter", "", "the original tool's 12-column log and its snapshots"),
    "parquet": Format("daemon.export.exporters:ParquetExporter", "export", "tables for DuckDB, polars, pandas, Spark"),
    "hf": Format("daemon.export.exporters:HuggingFaceExporter", "export", "a folder for Hugging Face datasets"),
    "lerobot": Format("daemon.export.exporters:LeRobotExporter", "export", "a LeRobotDataset v3.0"),
    "minari": Format("daemon.export.exporters:MinariExporter", "export", "offline-RL episodes for Gymnasium users"),
    "webdataset": Format("daemon.export.exporters:WebDatasetExporter", "export", "tar shards"),
    "jsonl": Format("daemon.export.exporters:JsonlExporter", "export", "windows of buttons, changes and labels"),
}
"""The formats by the name that chooses them."""


def find_exporter(name: str) -> Exporter:
    """Load the exporter of a format.

    Raises:
        SettingsError: there is no such format, or the libraries that it needs are not installed.
    """
    if name in SYMBOL_FORMATS:
        raise SettingsError(
            f"{name} is made of named addresses, not of sessions: gbatrace symbols FILE --format {name} --output FILE"
        )
    if name not in EXPORTERS:
        raise SettingsError(f"There is no format {name!r}; there are {', '.join(EXPORTERS)}.")
    chosen = EXPORTERS[name]
    module, _, attribute = chosen.exporter.partition(":")
    try:
        exporter: Exporter = getattr(import_module(module), attribute)()
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"The format {name} needs {error.name}, which is not installed: pip install 'gbatrace[{chosen.extra}]'."
        ) from None
    return exporter
