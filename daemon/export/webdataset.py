"""Format `webdataset`: tar shards. Needs nothing beyond gbatrace; `webdataset` is for those who read it.

::

    <dataset>/
        dataset.json
        <split>/<session id>-<shard>.tar
            <session id>/<frame set id>.png     the screenshot
            <session id>/<frame set id>.json    frames, buttons and labels
            <session id>/<frame set id>.npy     memory changes, a structured array of shape (m,)

The parts of a sample follow each other, as the format asks. Shards hold a minute of play or so: shuffle them, then
within them.
"""

import io
import tarfile
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from daemon.export.columns import ChangeColumns
from daemon.export.destination import Facts, Unit
from daemon.export.formats import Dataset
from daemon.export.options import ImageMode
from daemon.export.source import SessionSource
from protocol.annotations import Annotations
from protocol.documents import FrameSet

__all__ = ["CHANGE", "SHARD_SETS", "WebDatasetWriter", "open_writer"]

SHARD_SETS = 1024
"""Frame sets in a shard."""

CHANGE = np.dtype(
    [
        ("region", "S8"),
        ("frame", "<u4"),
        ("address", "<u4"),
        ("previous", "<u4"),
        ("current", "<u4"),
        ("freq", "<u2"),
    ]
)
"""A row of a sample's memory changes."""


class WebDatasetWriter:
    """Writes shards, never with frame sets of two sessions or splits."""

    def __init__(self, dataset: Dataset) -> None:
        self._options = dataset.options
        self._buttons = dataset.buttons

    def session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write a session's shards."""
        with_png = self._options.images is ImageMode.BYTES
        shards = {split: _Shards(split, source.session_id, unit) for split in source.split_names}
        with ExitStack() as stack:
            for split in shards.values():
                stack.callback(split.close)
            for batch in source.batches(with_png=with_png):
                rows = _rows(batch.changes)
                end = 0
                for place, item in enumerate(batch.sets):
                    start, end = end, end + int(batch.changes.counts[place])
                    split_name = str(batch.splits[place])
                    if not split_name:
                        continue
                    sample = {
                        "json": orjson.dumps(self._told(source, item, batch.labels[place], int(batch.episodes[place]))),
                        "npy": _npy(rows[start:end]),
                    }
                    shards[split_name].add(item, ({"png": item.png} if item.png else {}) | sample)
        return {"shards": {name: split.number for name, split in shards.items()}}

    def finish(self, unit: Unit, facts: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write nothing more."""
        return {"change": [list(field) for field in CHANGE.descr]}

    def _told(self, source: SessionSource, item: FrameSet, labels: Annotations | None, episode: int) -> dict[str, Any]:
        picture = {"image": source.picture_path(item.frame_set_id)} if self._options.images is ImageMode.PATHS else {}
        return {
            "session": source.session_id,
            "frame_set_id": item.frame_set_id,
            "episode": episode,
            "frames": [frame.frame for frame in item.frames],
            "timestamps": [frame.timestamp for frame in item.frames],
            "keys": [frame.current_keys for frame in item.frames],
            "buttons": [self._buttons.bits(frame.current_keys) for frame in item.frames],
            "flaws": list(item.flaws),
            **picture,
            "labels": None if labels is None else labels.as_map(),
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
            self._tar = tarfile.open(path, "w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115 - closed by `close`
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


def open_writer(dataset: Dataset) -> WebDatasetWriter:
    """Begin a dataset."""
    return WebDatasetWriter(dataset)


def _rows(changes: ChangeColumns) -> NDArray[np.void]:
    rows = np.empty(len(changes.address), CHANGE)
    rows["region"] = np.array([*changes.regions, ""], "S8")[changes.region]
    for name in ("frame", "address", "previous", "current", "freq"):
        rows[name] = getattr(changes, name)
    return rows


def _npy(rows: NDArray[np.void]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, rows, allow_pickle=False)
    return buffer.getvalue()
