"""Format `webdataset`: tar shards. Needs no library; its readers need `webdataset`.

::

    <dataset>/
        dataset.json
        <split>/<session id>-<shard>.tar
            <session id>/<frame set id>.png     the screenshot
            <session id>/<frame set id>.json    frames, buttons and labels
            <session id>/<frame set id>.npy     memory changes, uint32 of shape (6, m): its rows are `CHANGE`
            <session id>/<frame set id>.memory.npy    with the option `memory`: bytes or words after it

The parts of a sample follow each other, as the format asks. Shards hold a minute of play or so: shuffle them, then
within them. Hugging Face `datasets` loads the shards as well (`load_dataset("webdataset", data_files=…)`), which is why
memory changes are no structured array, and why nothing in the JSON is null or a list that may be empty: it takes the
kinds of all values from the first samples. `[-1]` stands for no next combinations. Tags and flaws are texts with a line
for each, and so are `unknown_variables`: the names whose values, 0 in `variables`, are not known. A `reward` that is
not known is 0.
"""

import io
import math
import tarfile
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from daemon.exporting.batch import NOTHING
from daemon.exporting.columns import COLUMNS, Kind, rows_of
from daemon.exporting.dataset import DatasetExporter
from daemon.exporting.destination import Facts, Unit
from daemon.exporting.options import ImageMode
from daemon.exporting.source import SessionSource
from protocol.changes import F64
from protocol.session.annotations import Annotations
from protocol.session.change_rows import ChangeColumns
from protocol.session.frame_set import FrameSet

__all__ = ["CHANGE", "SHARD_SETS", "WebDatasetExporter"]

SHARD_SETS = 1024
"""Frame sets in a shard."""

CHANGE = ("region", "frame", "address", "previous", "current", "freq")
"""The rows of a sample's memory changes; `region` counts in the sample's `regions`."""

_TEXTS = [column.name for column in COLUMNS if column.kind is Kind.TEXTS]


class WebDatasetExporter(DatasetExporter):
    """Exporter of shards, each of one session and split."""

    format_name = "webdataset"

    def write_session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write a session's shards."""
        options = self.options
        with_png = options.images is ImageMode.BYTES
        shards = {split: _Shards(split, source.session_id, unit) for split in source.split_names}
        with ExitStack() as stack:
            for split in shards.values():
                stack.callback(split.close)
            for batch in source.batches(with_png=with_png):
                paths = source.screenshot_paths(batch) if options.images is ImageMode.PATHS else None
                shared = rows_of(batch, self.columns)
                regions = list(dict.fromkeys([*source.reader.grids, *batch.changes.regions]))
                rows = _rows(batch.changes, regions)
                end = 0
                for place, item in enumerate(batch.sets):
                    start, end = end, end + int(batch.changes.counts[place])
                    split_name = str(batch.splits[place])
                    if not split_name:
                        continue
                    described = {
                        **self._sample(source, item, batch.labels[place], int(batch.episodes[place])),
                        **_flat(shared[place]),
                        **({"image": paths[place] or ""} if paths else {}),
                        **self._variables(batch.variables[place]),
                        "regions": regions,
                    }
                    sample = {"json": orjson.dumps(described), "npy": _npy(rows[:, start:end])}
                    memory = batch.memories[place]
                    if memory is not None:
                        image = np.frombuffer(memory, np.uint8) if isinstance(memory, bytes) else memory
                        sample["memory.npy"] = _npy(image)
                    shards[split_name].add(item, ({"png": item.png} if item.png else {}) | sample)
        return {"shards": {name: split.number for name, split in shards.items()}}

    def write_rest(self, unit: Unit, facts: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write nothing more."""
        return {"change": list(CHANGE)}

    def _variables(self, values: F64) -> dict[str, Any]:
        """Describe the variables: 0 stands for a value that is not known, and a text names those."""
        if not len(self.variables):
            return {}
        row = self.variables.row(values)
        kinds = [int if whole else float for whole in self.variables.whole]
        return {
            "variables": {name: kind(value or 0) for kind, (name, value) in zip(kinds, row.items(), strict=True)},
            "unknown_variables": "\n".join(name for name, value in row.items() if value is None),
        }

    def _sample(
        self, source: SessionSource, item: FrameSet, labels: Annotations | None, episode: int
    ) -> dict[str, Any]:
        known = labels or Annotations()
        return {
            "session": source.session_id,
            "frame_set_id": item.frame_set_id,
            "episode": episode,
            "frames": [frame.frame for frame in item.frames],
            "timestamps": [frame.timestamp for frame in item.frames],
            "keys": [frame.current_keys for frame in item.frames],
            "buttons": [self.buttons.bits(frame.current_keys) for frame in item.frames],
            "labelled": labels is not None,
            "labels": {**known.as_map(), "tags": "\n".join(known.tags)},
        }


class _Shards:
    """The shards of one session and split; a new one is begun when the last is full."""

    def __init__(self, split: str, session_id: str, unit: Unit) -> None:
        self._split, self._session_id, self._unit = split, session_id, unit
        self._tar: tarfile.TarFile | None = None
        self._sets = 0
        self.number = 0

    def add(self, item: FrameSet, sample: dict[str, bytes]) -> None:
        """Append a sample."""
        if self._tar is None or self._sets == SHARD_SETS:
            self.close()
            path = self._unit.path(f"{self._split}/{self._session_id}-{self.number:06d}.tar")
            self._tar = tarfile.open(path, "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by `close`
            self.number += 1
            self._sets = 0
        for ending, data in sample.items():
            info = tarfile.TarInfo(f"{self._session_id}/{item.frame_set_id:010d}.{ending}")
            info.size = len(data)
            info.mtime = item.frames[-1].timestamp // 1000
            self._tar.addfile(info, io.BytesIO(data))
        self._sets += 1

    def close(self) -> None:
        """End the shard."""
        if self._tar is not None:
            self._tar.close()
            self._tar = None


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of all formats without a list that may be empty."""
    texts = {name: "\n".join(row[name]) for name in _TEXTS}
    known = {"reward": row["reward"] if math.isfinite(row["reward"]) else 0.0} if "reward" in row else {}
    return row | texts | known | {"next_combinations": row["next_combinations"] or [NOTHING]}


def _rows(changes: ChangeColumns, regions: Sequence[str]) -> NDArray[np.uint32]:
    numbers = np.array([*map(regions.index, changes.regions), 0], np.uint32)
    columns = [getattr(changes, name).astype(np.uint32) for name in CHANGE[1:]]
    return np.stack([numbers[changes.region], *columns])


def _npy(rows: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(rows), allow_pickle=False)
    return buffer.getvalue()
