"""Format `parquet`: tables `frame_sets`, `memory_changes` and `annotations`, zstd, partitioned by session. Needs pyarrow.

::

    <dataset>/
        dataset.json
        frame_sets/session=<session id>/part-0.parquet
        memory_changes/session=<session id>/part-0.parquet
        annotations/session=<session id>/part-0.parquet

The partition is Hive's, so that a reader of a whole table gets the column `session`; rows join on `session` and `frame_set_id`.
"""

from collections.abc import Sequence
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
from daemon.export.destination import Facts, Unit
from daemon.export.formats import Dataset
from daemon.export.libraries import require
from daemon.export.manifest import SessionTally
from daemon.export.options import ImageMode
from daemon.export.source import SessionSource

__all__ = ["ParquetWriter", "open_writer"]

pq = require("pyarrow.parquet")

_IMAGE_PAGE = 1 << 20
_DELTAS = {"frame_set_id": "DELTA_BINARY_PACKED", "address": "DELTA_BINARY_PACKED"}
"""Columns that climb are written as small steps."""


class ParquetWriter:
    """Writes the three tables."""

    def __init__(self, dataset: Dataset) -> None:
        self._options = dataset.options
        self._buttons = dataset.buttons
        self._frame_sets = frame_sets_schema(dataset.options.images, dataset.buttons.names)

    def session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write a session's part of each table."""
        tally = SessionTally()
        with ExitStack() as stack:

            def table(name: str, schema: Any, **settings: Any) -> Any:
                path = unit.path(f"{name}/session={source.session_id}/part-0.parquet")
                return stack.enter_context(pq.ParquetWriter(path, schema, compression="zstd", **settings))

            frame_sets = table("frame_sets", self._frame_sets, dictionary_pagesize_limit=_IMAGE_PAGE)
            changes = table(
                "memory_changes",
                changes_schema(),
                compression_level=6,
                use_dictionary=["frame", "region", "previous", "current", "freq"],
                column_encoding=_DELTAS,
            )
            annotations = table("annotations", annotations_schema())
            for batch in source.batches(with_png=self._options.images is not ImageMode.NONE):
                tally.add(batch)
                frame_sets.write_table(frame_sets_table(batch, self._frame_sets, self._buttons, source.reader.folder))
                changes.write_table(changes_table(batch.changes))
                annotations.write_table(annotations_table(batch))
        return {"counts": tally.as_map()}

    def finish(self, unit: Unit, facts: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write nothing more."""
        return {"tables": ["frame_sets", "memory_changes", "annotations"], "partitioned_by": "session"}


def open_writer(dataset: Dataset) -> ParquetWriter:
    """Begin a dataset."""
    return ParquetWriter(dataset)
