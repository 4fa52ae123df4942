"""Format `parquet`: tables `frame_sets`, `memory_changes`, `annotations`, partitioned by session. Needs pyarrow.

::

    <dataset>/
        dataset.json
        frame_sets/session=<session id>/part-0.parquet
        memory_changes/session=<session id>/part-0.parquet
        annotations/session=<session id>/part-0.parquet

The partition is Hive's: a reader of a whole table gets the column `session`. Rows join on `session` and
`frame_set_id`. `memory_changes` is ordered by address, then frame, within each row group of about a million rows:
what one address did stands together, which is how it is searched, and takes half the room.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from daemon.export.arrow import (
    annotations_schema,
    annotations_table,
    changes_schema,
    changes_table,
    frame_sets_schema,
    frame_sets_table,
)
from daemon.export.batch import Batch
from daemon.export.destination import Facts, Unit
from daemon.export.formats import Dataset
from daemon.export.libraries import require
from daemon.export.options import ImageMode
from daemon.export.pictures import Repainter
from daemon.export.source import SessionSource

__all__ = ["ParquetWriter", "open_writer"]

pa = require("pyarrow")
pq = require("pyarrow.parquet")

_TABLES = ("frame_sets", "memory_changes", "annotations")
_CHANGES_GROUP = 1 << 20
"""Rows of `memory_changes` in a row group."""

_PAGE = 1 << 26
"""Bytes of a page: each row group's pictures are compressed together."""

_STEPS = "DELTA_BINARY_PACKED"
_CHANGES = {
    "use_dictionary": ["region"],
    "column_encoding": dict.fromkeys(("frame_set_id", "frame", "address", "previous", "current", "freq"), _STEPS),
    "compression_level": 9,
}


class ParquetWriter:
    """Writes the three tables."""

    def __init__(self, dataset: Dataset) -> None:
        self._images = dataset.options.images
        self._buttons = dataset.buttons
        self._schemas = {
            "frame_sets": frame_sets_schema(self._images, self._buttons.names),
            "memory_changes": changes_schema(),
            "annotations": annotations_schema(),
        }

    def session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write a session's part of each table, on a second thread while the next batch is read."""
        repainter = Repainter()
        with ExitStack() as stack:
            tables = {name: stack.enter_context(self._open(name, source, unit)) for name in _TABLES}
            pool = stack.enter_context(ThreadPoolExecutor(1))
            written: Future[None] | None = None
            waiting: list[Any] = []
            for batch in source.batches(with_png=self._images is ImageMode.BYTES):
                frame_sets = frame_sets_table(
                    batch, self._schemas["frame_sets"], self._buttons, self._pictures(batch, source, repainter)
                )
                waiting.append(changes_table(batch.changes))
                whole = waiting if sum(table.num_rows for table in waiting) >= _CHANGES_GROUP else []
                if whole:
                    waiting = []
                if written is not None:
                    written.result()
                written = pool.submit(_write, tables, frame_sets, whole, annotations_table(batch))
            if written is not None:
                written.result()
            _write(tables, None, waiting, None)
        return {}

    def finish(self, unit: Unit, facts: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write nothing more."""
        return {"tables": list(_TABLES), "partitioned_by": "session"}

    def _open(self, name: str, source: SessionSource, unit: Unit) -> Any:
        schema = self._schemas[name]
        settings: dict[str, Any] = {
            "compression": "zstd",
            "data_page_size": _PAGE,
            "write_batch_size": _CHANGES_GROUP,
            "use_dictionary": [field.name for field in schema if pa.types.is_dictionary(field.type)],
        }
        if name == "memory_changes":
            settings |= _CHANGES
        if name == "frame_sets" and self._images is ImageMode.BYTES:
            settings["compression_level"] = {"image": 12}
        return pq.ParquetWriter(unit.path(f"{name}/session={source.session_id}/part-0.parquet"), schema, **settings)

    def _pictures(self, batch: Batch, source: SessionSource, repainter: Repainter) -> list[bytes | str | None]:
        match self._images:
            case ImageMode.BYTES:
                return [repainter.repaint(item.png) or None for item in batch.sets]
            case ImageMode.PATHS:
                return [source.picture_path(item.frame_set_id) for item in batch.sets]
            case ImageMode.NONE:
                return []


def open_writer(dataset: Dataset) -> ParquetWriter:
    """Begin a dataset."""
    return ParquetWriter(dataset)


def _write(tables: dict[str, Any], frame_sets: Any, changes: Sequence[Any], annotations: Any) -> None:
    if frame_sets is not None:
        tables["frame_sets"].write_table(frame_sets)
    if changes:
        together = pa.concat_tables(changes, promote_options="none")
        tables["memory_changes"].write_table(together.sort_by([("address", "ascending"), ("frame", "ascending")]))
    if annotations is not None:
        tables["annotations"].write_table(annotations)
