"""Format `hf`: a Hugging Face dataset folder. Needs pyarrow; its readers need `datasets`.

::

    <dataset>/
        README.md                              the dataset card
        dataset.json
        data/<split>/<session id>.parquet      one row for each frame set

The schema of each file carries the features of `datasets` (key `huggingface`), so that `image` comes out as a
screenshot. Times are whole numbers of milliseconds since 1970-01-01 UTC, so that `with_format("torch")` takes every
column. A dataset that is not split is all `train`, for `load_dataset` knows no dataset without splits.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
import orjson

from daemon.exporting.arrow import LABELS, labels_columns, memory_column, shared_columns, variables_column
from daemon.exporting.batch import Batch
from daemon.exporting.card import dataset_card
from daemon.exporting.columns import Column, Kind
from daemon.exporting.dataset import DatasetExporter, require
from daemon.exporting.destination import Facts, Unit
from daemon.exporting.memory import MemoryForm
from daemon.exporting.options import DatasetOptions, ImageMode
from daemon.exporting.source import SessionSource
from daemon.exporting.split import ALL, SPLITS
from daemon.exporting.variables import Variables
from protocol.session.reader import SessionReader

__all__ = ["HuggingFaceExporter"]

pa = require("pyarrow")
pq = require("pyarrow.parquet")

_CHANGES = {
    "frame": "uint32",
    "region": "string",
    "address": "uint32",
    "previous": "uint32",
    "current": "uint32",
    "freq": "uint16",
}

_VALUES = ("string", "bool", "uint16", "uint32", "int64", "float64")
_KINDS = {Kind.FLAG: "bool", Kind.WHOLE: "int64", Kind.NUMBER: "float64", Kind.WHOLES: "int64", Kind.TEXTS: "string"}


class HuggingFaceExporter(DatasetExporter):
    """Exporter of one Parquet file for each session and split, and the card."""

    format_name = "hf"
    is_apart = True

    def __init__(self, sessions: Sequence[SessionReader], options: DatasetOptions) -> None:
        super().__init__(sessions, options)
        self._features = _features(options.images, self.variables, self.columns)
        if options.memory is MemoryForm.WORDS:
            word = {"dtype": "uint32", "_type": "Value"}
            self._features["memory"] = {"feature": word, "length": len(self.addresses), "_type": "List"}
        elif options.memory is not MemoryForm.NONE:
            self._features["memory"] = {"dtype": "binary", "_type": "Value"}
        self._schema = _schema(self._features)

    def write_session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:  # noqa: ARG002
        """Write a session's rows."""
        with ExitStack() as stack:
            files = {
                split: stack.enter_context(
                    pq.ParquetWriter(
                        unit.path(f"data/{_name(split)}/{source.session_id}.parquet"), self._schema, compression="zstd"
                    )
                )
                for split in source.split_names
            }
            for batch in source.batches(with_png=self.options.images is ImageMode.BYTES):
                for split, file in files.items():
                    part = batch.part(batch.splits == split)
                    if part.sets:
                        file.write_table(self._table(part, source))
        return {"splits": [_name(split) for split in files]}

    def write_rest(self, unit: Unit, facts: Sequence[Facts]) -> Facts:
        """Write the card."""
        used = {name for fact in facts for name in fact["splits"]}
        splits = [name for name in SPLITS if name in used]
        games = dict.fromkeys(session.metadata.game_name for session in self.sessions)
        card = dataset_card(
            [name for name in games if name],
            [fact["counts"] for fact in facts],
            splits,
            self.buttons.names,
            self.variables.names,
            self.options,
        )
        unit.write("README.md", card)
        return {"splits": splits}

    def _table(self, batch: Batch, source: SessionSource) -> Any:
        sets, changes, options = batch.sets, batch.changes, self.options
        offsets = np.cumsum([0, *changes.counts], dtype=np.int32)
        regions = np.array([*changes.regions, ""])[changes.region]
        rows = {"region": regions, **{name: getattr(changes, name) for name in _CHANGES if name != "region"}}
        columns: dict[str, Any] = {
            "session": pa.array([source.session_id] * len(sets)),
            "frame_set_id": np.array([item.frame_set_id for item in sets], np.uint32),
            "episode": batch.episodes.astype(np.uint32),
            "timestamp": np.array([item.frames[-1].timestamp for item in sets], np.int64),
            "first_frame": np.array([item.frames[0].frame for item in sets], np.uint32),
            "pc": np.array([item.frames[-1].pc for item in sets], np.uint32),
            "frames": pa.array([[frame.frame for frame in item.frames] for item in sets], pa.list_(pa.uint32())),
            "frame_timestamps": pa.array(
                [[frame.timestamp for frame in item.frames] for item in sets], pa.list_(pa.int64())
            ),
            "frame_pcs": pa.array([[frame.pc for frame in item.frames] for item in sets], pa.list_(pa.uint32())),
            "keys": [item.frames[-1].current_keys for item in sets],
            "buttons": _nested(self.buttons.flags(batch.held)),
            **shared_columns(batch, self.columns),
            **_texts(batch),
            "tags": pa.array([list(item.tags) if item else [] for item in batch.labels], pa.list_(pa.string())),
            "labelled": np.array([item is not None for item in batch.labels]),
            "complete": np.array([bool(item and item.complete) for item in batch.labels]),
            "changes": pa.StructArray.from_arrays(
                [pa.ListArray.from_arrays(offsets, pa.array(values)) for values in (rows[name] for name in _CHANGES)],
                names=list(_CHANGES),
            ),
        }
        if options.memory is not MemoryForm.NONE:
            columns["memory"] = memory_column(batch.memories)
        if len(self.variables):
            columns["variables"] = variables_column(batch.variables, self.variables)
        if options.images is ImageMode.BYTES:
            screenshots = [{"bytes": item.png, "path": None} if item.png else None for item in sets]
            columns["image"] = pa.array(screenshots, self._schema.field("image").type)
        if options.images is ImageMode.PATHS:
            columns["image"] = source.screenshot_paths(batch)
        return pa.table([columns[name] for name in self._schema.names], schema=self._schema)


def _name(split: str) -> str:
    return SPLITS[0] if split == ALL else split


def _texts(batch: Batch) -> dict[str, Any]:
    columns = labels_columns(batch.labels)
    return {name: columns[name] for name in LABELS}


def _nested(held: np.ndarray[Any, np.dtype[np.bool_]]) -> Any:
    """Lay out shape (n, frames, buttons) as a list of lists."""
    count, frames, buttons = held.shape
    inner = pa.ListArray.from_arrays(np.arange(count * frames + 1, dtype=np.int32) * buttons, pa.array(held.ravel()))
    return pa.ListArray.from_arrays(np.arange(count + 1, dtype=np.int32) * frames, inner)


def _features(images: ImageMode, variables: Variables, columns: Sequence[Column]) -> dict[str, Any]:
    """Describe the columns as `datasets` does."""
    value = {name: {"dtype": name, "_type": "Value"} for name in _VALUES}

    def many(inner: Any, length: int = -1) -> dict[str, Any]:
        return {"feature": inner, "length": length, "_type": "List"}

    features: dict[str, Any] = {}
    if images is ImageMode.BYTES:
        features["image"] = {"_type": "Image"}
    if images is ImageMode.PATHS:
        features["image"] = value["string"]
    if len(variables):
        kinds = zip(variables.columns, variables.whole, strict=True)
        features["variables"] = {name: value["int64" if whole else "float64"] for name, whole in kinds}
    return features | {
        "session": value["string"],
        "frame_set_id": value["uint32"],
        "episode": value["uint32"],
        "timestamp": value["int64"],
        "first_frame": value["uint32"],
        "pc": value["uint32"],
        "frames": many(value["uint32"]),
        "frame_timestamps": many(value["int64"]),
        "frame_pcs": many(value["uint32"]),
        "keys": value["string"],
        "buttons": many(many(value["bool"])),
        **{column.name: _shared(value[_KINDS[column.kind]], column.kind) for column in columns},
        **dict.fromkeys(LABELS, value["string"]),
        "tags": many(value["string"]),
        "labelled": value["bool"],
        "complete": value["bool"],
        "changes": {name: many(value[kind]) for name, kind in _CHANGES.items()},
    }


def _shared(value: dict[str, Any], kind: Kind) -> dict[str, Any]:
    return value if kind.is_numeric else {"feature": value, "length": -1, "_type": "List"}


def _schema(features: dict[str, Any]) -> Any:
    metadata = {"huggingface": orjson.dumps({"info": {"features": features}})}
    return pa.schema([pa.field(name, _arrow(feature)) for name, feature in features.items()], metadata=metadata)


def _arrow(feature: dict[str, Any]) -> Any:
    """Return the Arrow type of a feature."""
    match feature.get("_type"):
        case "Value":
            return pa.type_for_alias(feature["dtype"])
        case "List":
            return pa.list_(_arrow(feature["feature"]), feature["length"])
        case "Image":
            return pa.struct([("bytes", pa.binary()), ("path", pa.string())])
        case _:
            return pa.struct([(name, _arrow(inner)) for name, inner in feature.items()])
