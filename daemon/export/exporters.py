"""The formats as the command line asks for them: adapters to the port of `daemon.batch.exporters`. Shell."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from daemon.batch import exporters as port
from daemon.batch.session_reader import SessionReader
from daemon.export.options import DatasetOptions, Progress
from daemon.export.run import export_sessions

__all__ = [
    "DatasetExporter",
    "HuggingFaceExporter",
    "JsonlExporter",
    "LeRobotExporter",
    "MinariExporter",
    "ParquetExporter",
    "WebDatasetExporter",
]


class DatasetExporter:
    """Writes sessions as a dataset of one format."""

    export_format: ClassVar[str]

    def export(
        self, sessions: Sequence[SessionReader], destination: Path, options: DatasetOptions, progress: port.Progress
    ) -> None:
        """Write the sessions; see `daemon.batch.exporters.Exporter`."""
        told = 0

        def tell(so_far: Progress) -> None:
            nonlocal told
            progress(so_far.done - told)
            told = so_far.done

        export_sessions(sessions, self.export_format, destination, options, tell)


class ParquetExporter(DatasetExporter):
    """Writes `parquet`."""

    export_format = "parquet"


class HuggingFaceExporter(DatasetExporter):
    """Writes `hf`."""

    export_format = "hf"


class LeRobotExporter(DatasetExporter):
    """Writes `lerobot`."""

    export_format = "lerobot"


class MinariExporter(DatasetExporter):
    """Writes `minari`."""

    export_format = "minari"


class WebDatasetExporter(DatasetExporter):
    """Writes `webdataset`."""

    export_format = "webdataset"


class JsonlExporter(DatasetExporter):
    """Writes `jsonl`."""

    export_format = "jsonl"
