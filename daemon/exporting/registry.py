"""The formats that sessions can be exported to, and what each exporter must do."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from daemon.exporting.csv_export import CsvExporter
from daemon.exporting.exporters import DatasetExporter
from daemon.exporting.formats import FORMATS, SYMBOL_FORMATS
from daemon.exporting.options import DatasetOptions
from daemon.managing.session_reader import SessionReader
from protocol.errors import SettingsError

__all__ = ["EXPORTERS", "Exporter", "find_exporter"]

_CSV = "csv"

EXPORTERS = {_CSV: "the original tool's 12-column log and its snapshots", **FORMATS}
"""The formats by the name that chooses them, each with what it is."""


class Exporter(Protocol):
    """Writes sessions in one format."""

    def export(
        self,
        sessions: Sequence[SessionReader],
        destination: Path,
        options: DatasetOptions,
        progress: Callable[[int], None],
    ) -> None:
        """Write the sessions.

        You must not leave half a file under its final name, and not overwrite what is there.

        Args:
            sessions: at least one.
            destination: a folder, which may exist.
            options: what was chosen.
            progress: to be told how many more frame sets are done, after every few of them.

        Raises:
            GbatraceError: a session is damaged, the destination is taken, a library is missing, or the disk refused.
        """
        ...


def find_exporter(name: str) -> Exporter:
    """Return the exporter of a format.

    Raises:
        SettingsError: there is no such format.
    """
    if name in SYMBOL_FORMATS:
        raise SettingsError(
            f"{name} is made of named addresses, not of sessions: gbatrace symbols FILE --format {name} --output FILE"
        )
    if name not in EXPORTERS:
        raise SettingsError(f"There is no format {name!r}; there are {', '.join(EXPORTERS)}.")
    return CsvExporter() if name == _CSV else DatasetExporter(name)
