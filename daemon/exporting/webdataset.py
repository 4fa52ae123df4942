"""Format `webdataset`: tar shards. Needs no library; its readers need `webdataset`.

::

    <dataset>/
        dataset.json
        <split>/<session id>-<shard>.tar
            <session id>/<frame set id>.png     the screenshot
            <session id>/<frame set id>.json    frames, buttons and labels
            <session id>/<frame set id>.npy     memory changes, uint32 of shape (6, m): its rows are `CHANGE`
            <session id>/<frame set id>.memory.npy    with the option `memory`: bytes or words after it

With `--pictures video` a sample is a clip, up to `max_episode` frame sets of an episode whose screenshots are of one
size, named by the first of them:

::

            <session id>/<frame set id>.mp4     its screenshots without loss, see `video`
            <session id>/<frame set id>.json    `frame_sets`: of each the same as above, its frame in the video
                                                (`video_frame`), how many memory changes are its (`changes`), and its
                                                row of memory (`memory_row`); -1 stands for none
            <session id>/<frame set id>.npy     memory changes of all of them, one after the other
            <session id>/<frame set id>.memory.npy    rows of memory

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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from daemon.exporting.batch import NOTHING, Batch
from daemon.exporting.columns import COLUMNS, Kind, rows_of
from daemon.exporting.dataset import DatasetExporter
from daemon.exporting.destination import Facts, Unit
from daemon.exporting.episodes import sets_per_second
from daemon.exporting.options import ImageMode
from daemon.exporting.source import BATCH_SETS, SessionSource
from protocol.changes import F64
from protocol.session.annotations import Annotations
from protocol.session.change_rows import ChangeColumns
from protocol.session.frame_set import FrameSet
from protocol.session.screenshots import screenshot_size

__all__ = ["CHANGE", "SHARD_SETS", "WebDatasetExporter"]

SHARD_SETS = 1024
"""Frame sets in a shard."""

CHANGE = ("region", "frame", "address", "previous", "current", "freq")
"""The rows of a sample's memory changes; `region` counts in the sample's `regions`."""

_TEXTS = [column.name for column in COLUMNS if column.kind is Kind.TEXTS]


class WebDatasetExporter(DatasetExporter):
    """Exporter of shards, each of one session and split."""

    format_name = "webdataset"
    is_apart = True
    has_video = True

    def write_session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write a session's shards."""
        with_png = self.options.images in (ImageMode.BYTES, ImageMode.VIDEO)
        size = min(BATCH_SETS, self.options.max_episode) if self.is_video else BATCH_SETS
        shards = {split: _Shards(split, source.session_id, unit) for split in source.split_names}
        with ExitStack() as stack:
            for split in shards.values():
                stack.callback(split.close)
            for batch in source.batches(with_png=with_png, size=size):
                for part in batch.runs():
                    shard = shards[str(part.splits[0])]
                    if self.is_video:
                        for clip in _of_one_size(part):
                            shard.add(clip.sets, self._clip(clip, source))
                    else:
                        for item, sample in zip(part.sets, self._samples(part, source), strict=True):
                            shard.add([item], sample)
        return {"shards": {name: split.number for name, split in shards.items()}}

    def write_rest(self, unit: Unit, facts: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write nothing more."""
        return {"change": list(CHANGE)}

    def _samples(self, batch: Batch, source: SessionSource) -> Iterator[dict[str, bytes]]:
        """Yield the parts of each frame set's sample."""
        regions, rows = _changes(batch, source)
        end = 0
        for place, (item, described) in enumerate(zip(batch.sets, self._described(batch, source), strict=True)):
            start, end = end, end + int(batch.changes.counts[place])
            sample = {"png": item.png} if item.png else {}
            sample |= {"json": orjson.dumps({**described, "regions": regions}), "npy": _npy(rows[:, start:end])}
            memory = batch.memories[place]
            if memory is not None:
                sample["memory.npy"] = _npy(_numbers(memory))
            yield sample

    def _clip(self, batch: Batch, source: SessionSource) -> dict[str, bytes]:
        """Return the parts of the sample of an unbroken run of frame sets."""
        from daemon.exporting.video import VideoWriter  # noqa: PLC0415 - PyAV is needed for video alone

        regions, rows = _changes(batch, source)
        described = self._described(batch, source)
        memories: list[NDArray[Any]] = []
        fps = sets_per_second(source.metadata.num_frames_per_set)
        buffer = io.BytesIO()
        video = VideoWriter(buffer, fps)
        for place, item in enumerate(batch.sets):
            memory = batch.memories[place]
            described[place] |= {
                "changes": int(batch.changes.counts[place]),
                "video_frame": video.frames if item.png else NOTHING,
                "memory_row": NOTHING if memory is None else len(memories),
            }
            if item.png:
                video.add(item.png)
            if memory is not None:
                memories.append(_numbers(memory))
        video.close()
        clip = {"session": source.session_id, "fps": fps, "regions": regions, "frame_sets": described}
        sample = {"mp4": buffer.getvalue()} if video.frames else {}
        sample |= {"json": orjson.dumps(clip), "npy": _npy(rows)}
        return sample | ({"memory.npy": _npy(np.stack(memories))} if memories else {})

    def _described(self, batch: Batch, source: SessionSource) -> list[dict[str, Any]]:
        """Describe each frame set."""
        paths = source.screenshot_paths(batch) if self.options.images is ImageMode.PATHS else None
        variables = self._variables(batch.variables)
        return [
            {
                **self._sample(source, item, batch.labels[place], int(batch.episodes[place])),
                **_flat(shared),
                **({"image": paths[place] or ""} if paths else {}),
                **variables[place],
            }
            for place, (item, shared) in enumerate(zip(batch.sets, rows_of(batch, self.columns), strict=True))
        ]

    def _variables(self, values: F64) -> list[dict[str, Any]]:
        """Describe the variables: 0 stands for a value that is not known, and a text names those."""
        if not len(self.variables):
            return [{}] * len(values)
        known, names = np.isfinite(values), np.array(self.variables.columns)
        rows = self.variables.rows(np.where(known, values, 0))
        return [
            {"variables": row, "unknown_variables": "\n".join(names[~here])}
            for row, here in zip(rows, known, strict=True)
        ]

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

    def add(self, sets: Sequence[FrameSet], sample: Mapping[str, bytes]) -> None:
        """Append the sample of one or more frame sets, which is named by the first of them."""
        if self._tar is None or self._sets + len(sets) > SHARD_SETS:
            self.close()
            path = self._unit.path(f"{self._split}/{self._session_id}-{self.number:06d}.tar")
            self._tar = tarfile.open(path, "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by `close`
            self.number += 1
            self._sets = 0
        for ending, data in sample.items():
            info = tarfile.TarInfo(f"{self._session_id}/{sets[0].frame_set_id:010d}.{ending}")
            info.size = len(data)
            info.mtime = sets[0].frames[-1].timestamp // 1000
            self._tar.addfile(info, io.BytesIO(data))
        self._sets += len(sets)

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


def _of_one_size(batch: Batch) -> Iterator[Batch]:
    """Cut a batch where the size of the screenshots changes."""
    known, starts = None, list[int]()
    for place, item in enumerate(batch.sets):
        size = screenshot_size(item.png) if item.png else known
        if known is not None and size != known:
            starts.append(place)
        known = size
    return batch.cut(starts)


def _changes(batch: Batch, source: SessionSource) -> tuple[list[str], NDArray[np.uint32]]:
    """Return the names of the regions, and the rows of the batch's memory changes."""
    regions = list(dict.fromkeys([*source.reader.grids, *batch.changes.regions]))
    return regions, _rows(batch.changes, regions)


def _numbers(memory: bytes | NDArray[np.uint32]) -> NDArray[Any]:
    return np.frombuffer(memory, np.uint8) if isinstance(memory, bytes) else memory


def _rows(changes: ChangeColumns, regions: Sequence[str]) -> NDArray[np.uint32]:
    numbers = np.array([*map(regions.index, changes.regions), 0], np.uint32)
    columns = [getattr(changes, name).astype(np.uint32) for name in CHANGE[1:]]
    return np.stack([numbers[changes.region], *columns])


def _npy(rows: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(rows), allow_pickle=False)
    return buffer.getvalue()
