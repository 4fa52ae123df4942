"""Format `parquet`: three tables, partitioned by session. Needs pyarrow.

::

    <dataset>/
        dataset.json
        frame_sets/session=s-<session id>/part-0.parquet
        memory_changes/session=s-<session id>/part-0.parquet
        annotations/session=s-<session id>/part-0.parquet

The partition is Hive's: a reader of a whole table gets the column `session`. It begins with `s-`, so that no reader
takes a session named `007` for a number, or one named by its day for a date. Rows join on `session` and `frame_set_id`.
`memory_changes` is ordered by address, then frame, within 262,144 rows each: what one address did stands
together, which is how it is searched, and takes half the room. They are cut into row groups that several readers can
share.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from daemon.exporting.arrow import (
    LABELS,
    annotations_schema,
    annotations_table,
    changes_schema,
    changes_table,
    frame_sets_schema,
    frame_sets_table,
    memory_type,
)
from daemon.exporting.batch import Batch
from daemon.exporting.dataset import DatasetExporter, require
from daemon.exporting.destination import Facts, Unit
from daemon.exporting.memory import MemoryForm
from daemon.exporting.options import DatasetOptions, ImageMode
from daemon.exporting.palette_pool import recoded
from daemon.exporting.source import SessionSource
from protocol.session.reader import SessionReader

__all__ = ["ParquetExporter", "partition"]

pa = require("pyarrow", "pyarrow.compute")
pq = require("pyarrow.parquet")

_TABLES = ("frame_sets", "memory_changes", "annotations")
_SORTED = 1 << 18
"""Rows of `memory_changes` that are ordered together."""

_CHANGES_GROUP = 1 << 17
"""Rows of `memory_changes` in a row group: a reader's share, some hundred kilobytes."""

_PAGE = 1 << 26
"""Bytes of a page: each row group's screenshots are compressed together."""

_STEPS = "DELTA_BINARY_PACKED"
_CHANGES = {
    "use_dictionary": ["region"],
    "column_encoding": dict.fromkeys(("frame_set_id", "frame", "address", "previous", "current", "freq"), _STEPS),
    "compression_level": 9,
}


class ParquetExporter(DatasetExporter):
    """Exporter of the three tables."""

    format_name = "parquet"
    is_apart = True

    def __init__(self, sessions: Sequence[SessionReader], options: DatasetOptions) -> None:
        super().__init__(sessions, options)
        self._images = options.images
        frame_sets = frame_sets_schema(self._images, self.buttons.names, self.variables, self.columns)
        if options.memory is not MemoryForm.NONE:
            about = {"description": f"memory after it, {options.memory}: see `memory` in dataset.json"}
            kind = memory_type(options.memory, len(self.addresses))
            frame_sets = frame_sets.append(pa.field("memory", kind, metadata=about))
        self._schemas = {
            "frame_sets": frame_sets,
            "memory_changes": changes_schema(),
            "annotations": annotations_schema(),
        }

    def write_session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write a session's part of each table; reading, recoding and writing overlap."""
        with ExitStack() as stack:
            tables = {name: stack.enter_context(self._open(name, source, unit)) for name in _TABLES}
            writer = _TableWriter(tables, stack.enter_context(ThreadPoolExecutor(1)))
            for batch, screenshots in self._batches(source):
                schema = self._schemas["frame_sets"]
                frame_sets = frame_sets_table(batch, schema, self.buttons, self.variables, screenshots, self.columns)
                writer.write(frame_sets, changes_table(batch.changes), annotations_table(batch))
            writer.finish()
        return {}

    def write_rest(self, unit: Unit, facts: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write nothing more."""
        return {"tables": list(_TABLES), "partitioned_by": "session"}

    def _open(self, name: str, source: SessionSource, unit: Unit) -> Any:
        schema = self._schemas[name]
        settings: dict[str, Any] = {
            "compression": "zstd",
            "data_page_size": _PAGE,
            "write_batch_size": _SORTED,
            "use_dictionary": [
                field.name for field in schema if pa.types.is_dictionary(field.type) or field.name in LABELS
            ],
        }
        if name == "memory_changes":
            settings |= _CHANGES
        if name == "frame_sets" and self._images is ImageMode.BYTES:
            settings["compression_level"] = {"image": 8}
        return pq.ParquetWriter(
            unit.path(f"{name}/session={partition(source.session_id)}/part-0.parquet"), schema, **settings
        )

    def _batches(self, source: SessionSource) -> Iterator[tuple[Batch, Any]]:
        """Yield the session, batch by batch, with its screenshots as they will stand in the table."""
        if self._images is not ImageMode.BYTES:
            for batch in source.batches(with_png=False):
                yield batch, source.screenshot_paths(batch)
            return
        waiting: deque[Batch] = deque()

        def screenshots() -> Iterator[list[bytes]]:
            for batch in source.batches():
                waiting.append(batch)
                yield [item.png for item in batch.sets]

        for pngs in recoded(screenshots()):
            images = pa.array([png or None for png in pngs], pa.binary())
            del pngs  # They are ten megabytes.
            yield waiting.popleft(), images


def partition(session_id: str) -> str:
    """Return the value of the column `session`: a text to every reader."""
    return f"s-{session_id}"


class _TableWriter:
    """Writer of batches on a thread of its own, in order.

    Args:
        tables: open files by table name.
        pool: one thread.
    """

    def __init__(self, tables: Mapping[str, Any], pool: ThreadPoolExecutor) -> None:
        self._tables = tables
        self._pool = pool
        self._changes: list[Any] = []
        self._rows = 0
        self._written: Future[None] | None = None

    def write(self, frame_sets: Any, changes: Any, annotations: Any) -> None:
        """Write a batch, once the batch before it is written."""
        self._wait()
        self._changes.append(changes)
        self._rows += changes.num_rows
        self._written = self._pool.submit(self._write, frame_sets, annotations)

    def finish(self) -> None:
        """Write the remaining changes."""
        self._wait()
        self._write_changes()

    def _wait(self) -> None:
        if self._written is not None:
            self._written.result()

    def _write(self, frame_sets: Any, annotations: Any) -> None:
        self._tables["frame_sets"].write_table(frame_sets)
        self._tables["annotations"].write_table(annotations)
        if self._rows >= _SORTED:
            self._write_changes()
        pa.default_memory_pool().release_unused()  # Else it keeps some hundred megabytes for later.

    def _write_changes(self) -> None:
        """Write the changes so far, of which each form is let go of before the next is made."""
        if not self._changes:
            return
        together = pa.concat_tables(self._changes).combine_chunks()
        self._changes, self._rows = [], 0
        order = pa.compute.sort_indices(together, [("address", "ascending"), ("frame", "ascending")])
        for first in range(0, len(order), _CHANGES_GROUP):
            self._tables["memory_changes"].write_table(together.take(order[first : first + _CHANGES_GROUP]))
