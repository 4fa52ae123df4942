"""Arrow tables of frame sets, memory changes and labels. Needs pyarrow."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from daemon.exporting.batch import Batch, SetColumns
from daemon.exporting.buttons import Buttons
from daemon.exporting.columns import COLUMNS, Column, Kind
from daemon.exporting.dataset import require
from daemon.exporting.memory import Memories, MemoryForm
from daemon.exporting.options import ImageMode
from daemon.exporting.variables import Variables
from protocol.changes import F64
from protocol.session.annotations import TEXT_FIELDS, Annotations
from protocol.session.change_rows import ChangeColumns

__all__ = [
    "LABELS",
    "annotations_schema",
    "annotations_table",
    "changes_schema",
    "changes_table",
    "dictionary",
    "frame_sets_schema",
    "frame_sets_table",
    "labels_columns",
    "memory_column",
    "memory_type",
    "shared_columns",
    "shared_fields",
    "variables_column",
    "variables_type",
]

pa = require("pyarrow")

_TEXT = pa.dictionary(pa.int32(), pa.string())
_TYPES = {
    Kind.FLAG: pa.bool_(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.WHOLES: pa.list_(pa.int64()),
    Kind.TEXTS: pa.list_(pa.string()),
}
_TIME = pa.timestamp("ms", "UTC")
LABELS = (*TEXT_FIELDS, "description")
"""Label fields that are columns of text."""


def _field(name: str, kind: Any, description: str, unit: str = "", *, nullable: bool = False) -> Any:
    metadata = {"description": description} | ({"unit": unit} if unit else {})
    return pa.field(name, kind, nullable=nullable, metadata=metadata)


def frame_sets_schema(
    images: ImageMode, buttons: Sequence[str], variables: Variables, shared: Sequence[Column] = COLUMNS
) -> Any:
    """Return the schema of `frame_sets`: one row for each frame set."""
    bits = "bit i is button i of " + " ".join(buttons)
    fields = [
        _field("frame_set_id", pa.uint32(), "number of the frame set in its session", "1"),
        _field("split", _TEXT, "split of the dataset; null in a gap between two splits", nullable=True),
        _field("episode", pa.uint32(), "run of frame sets without a discontinuity, from 0", "1"),
        _field("timestamp", _TIME, "when its last frame was", "ms since 1970-01-01 UTC"),
        _field("first_frame", pa.uint32(), "the emulator's frame counter at its first frame", "frames"),
        _field("last_frame", pa.uint32(), "the emulator's frame counter at its last frame", "frames"),
        _field("pc", pa.uint32(), "program counter at its last frame", "bus address"),
        _field("buttons", _TEXT, "what was held at its last frame, joined by +; empty for nothing"),
        _field("key_history", pa.list_(_TEXT), "the last five combinations at its last frame, oldest first"),
        _field("frames", pa.list_(pa.uint32()), "each frame: the emulator's frame counter", "frames"),
        _field("frame_timestamps", pa.list_(_TIME), "each frame: when it was", "ms since 1970-01-01 UTC"),
        _field("frame_pcs", pa.list_(pa.uint32()), "each frame: program counter", "bus address"),
        _field("frame_buttons", pa.list_(pa.uint32()), f"each frame: what was held; {bits}", "bit set"),
        _field("changes", pa.uint32(), "its rows in memory_changes", "rows"),
        *shared_fields(shared),
    ]
    if images is ImageMode.BYTES:
        about = "screenshot after its last frame, PNG; its colours are a palette's: Image.open(...).convert('RGB')"
        fields.append(_field("image", pa.binary(), about, "bytes", nullable=True))
    if images is ImageMode.PATHS:
        path = "path of its screenshot below the data folder"
        fields.append(_field("image", pa.string(), path, nullable=True))
    if len(variables):
        about = "values of named addresses after its last frame; null where one is not known"
        fields.append(_field("variables", variables_type(variables), about))
    return pa.schema(fields)


def shared_fields(columns: Sequence[Column]) -> list[Any]:
    """Return the fields of columns that all formats have."""
    return [
        _field(column.name, _TYPES[column.kind], column.about, nullable=column.kind is Kind.NUMBER)
        for column in columns
    ]


def shared_columns(sets: SetColumns, columns: Sequence[Column]) -> dict[str, Any]:
    """Build columns that all formats have, by name; a number that is not known is null."""
    return {column.name: pa.array(column.of(sets), _TYPES[column.kind], from_pandas=True) for column in columns}


def memory_type(form: MemoryForm, words: int) -> Any:
    """Return the type of the column `memory`."""
    return pa.list_(pa.uint32(), words) if form is MemoryForm.WORDS else pa.binary()


def memory_column(memories: Memories) -> Any:
    """Build the column `memory`."""
    if isinstance(memories, np.ndarray):
        return pa.FixedSizeListArray.from_arrays(pa.array(memories.ravel()), memories.shape[1])
    return pa.array(memories, pa.binary())


def variables_type(variables: Variables) -> Any:
    """Return the type of the column `variables`: a struct of numbers, each with its meaning."""
    return pa.struct(
        [
            _field(name.name, pa.int64() if whole else pa.float64(), name.note, name.scale.unit, nullable=True)
            for name, whole in zip(variables.names, variables.whole, strict=True)
        ]
    )


def variables_column(values: F64, variables: Variables) -> Any:
    """Build the column `variables`.

    Args:
        values: shape (n, k).
        variables: the k columns.
    """
    kind = variables_type(variables)
    unknown = np.isnan(values)
    columns = [
        pa.array(
            np.where(unknown[:, place], 0, values[:, place]).astype(np.int64 if whole else np.float64),
            mask=unknown[:, place],
        )
        for place, whole in enumerate(variables.whole)
    ]
    return pa.StructArray.from_arrays(columns, fields=list(kind))


def changes_schema() -> Any:
    """Return the schema of `memory_changes`: one row for each 32-bit word that changed."""
    return pa.schema(
        [
            _field("frame_set_id", pa.uint32(), "number of the frame set in its session", "1"),
            _field("frame", pa.uint32(), "the emulator's frame counter when the word was scanned", "frames"),
            _field("region", _TEXT, "memory region"),
            _field("address", pa.uint32(), "address of the word", "bus address"),
            _field("previous", pa.uint32(), "its value before, as an unsigned little-endian word", "1"),
            _field("current", pa.uint32(), "its value now", "1"),
            _field("freq", pa.uint16(), "how often it changed in the last 100 frames, this change included", "changes"),
        ]
    )


def annotations_schema() -> Any:
    """Return the schema of `annotations`: one row for each frame set that was labelled."""
    return pa.schema(
        [
            _field("frame_set_id", pa.uint32(), "number of the frame set in its session", "1"),
            # Plain texts: dictionaries differ from file to file, and Ray Data groups and joins no such column.
            *(_field(name, pa.string(), f"the label {name}; null without", nullable=True) for name in LABELS),
            _field("tags", pa.list_(pa.string()), "tags"),
            _field("complete", pa.bool_(), "whether the person who labelled it said it is complete"),
        ]
    )


def frame_sets_table(
    batch: Batch,
    schema: Any,
    buttons: Buttons,
    variables: Variables,
    images: Sequence[bytes | str | None],
    shared: Sequence[Column] = COLUMNS,
) -> Any:
    """Build rows of `frame_sets`.

    Args:
        batch: n frame sets.
        schema: of `frame_sets_schema`.
        buttons: of the dataset.
        variables: of the dataset.
        images: of each frame set, as PNG or path; not looked at where the schema has none.
        shared: columns that all formats have.
    """
    sets = batch.sets
    frames = [frame for item in sets for frame in item.frames]
    offsets = np.cumsum([0, *(len(item.frames) for item in sets)], dtype=np.int32)
    last = offsets[1:] - 1
    numbers = np.array([frame.frame for frame in frames], np.uint32)
    times = np.array([frame.timestamp for frame in frames], np.int64)
    pcs = np.array([frame.pc for frame in frames], np.uint32)
    held = np.array([buttons.bits(frame.current_keys) for frame in frames], np.uint32)
    history = [item.frames[-1].key_history for item in sets]
    columns: dict[str, Any] = {
        "frame_set_id": np.array([item.frame_set_id for item in sets], np.uint32),
        "split": dictionary([str(name) or None for name in batch.splits]),
        "episode": batch.episodes.astype(np.uint32),
        "timestamp": pa.array(times[last]).cast(_TIME),
        "first_frame": numbers[offsets[:-1]],
        "last_frame": numbers[last],
        "pc": pcs[last],
        "buttons": dictionary([item.frames[-1].current_keys for item in sets]),
        "key_history": pa.ListArray.from_arrays(
            np.cumsum([0, *map(len, history)], dtype=np.int32), dictionary([keys for past in history for keys in past])
        ),
        "frames": pa.ListArray.from_arrays(offsets, pa.array(numbers)),
        "frame_timestamps": pa.ListArray.from_arrays(offsets, pa.array(times).cast(_TIME)),
        "frame_pcs": pa.ListArray.from_arrays(offsets, pa.array(pcs)),
        "frame_buttons": pa.ListArray.from_arrays(offsets, pa.array(held)),
        "changes": batch.changes.counts.astype(np.uint32),
        **shared_columns(batch, shared),
    }
    columns["image"] = images
    columns["memory"] = memory_column(batch.memories)
    if len(variables):
        columns["variables"] = variables_column(batch.variables, variables)
    return pa.table([columns[name] for name in schema.names], schema=schema)


def changes_table(columns: ChangeColumns) -> Any:
    """Build rows of `memory_changes`, m of them."""
    regions = pa.DictionaryArray.from_arrays(columns.region.astype(np.int32), pa.array(columns.regions, pa.string()))
    return pa.table(
        [
            columns.frame_set,
            columns.frame,
            regions,
            columns.address,
            columns.previous,
            columns.current,
            columns.freq,
        ],
        schema=changes_schema(),
    )


def annotations_table(batch: Batch) -> Any:
    """Build rows of `annotations`; sets that were never labelled have none."""
    labelled = [
        (item.frame_set_id, labels) for item, labels in zip(batch.sets, batch.labels, strict=True) if labels is not None
    ]
    columns = {"frame_set_id": np.array([number for number, _ in labelled], np.uint32)}
    columns |= labels_columns([labels for _, labels in labelled])
    schema = annotations_schema()
    return pa.table([columns[name] for name in schema.names], schema=schema)


def labels_columns(labels: Sequence[Annotations | None]) -> Mapping[str, Any]:
    """Build the columns of label fields; a field without a label is null."""
    known = [item or Annotations() for item in labels]
    return {
        **{name: pa.array([getattr(item, name) or None for item in known], pa.string()) for name in LABELS},
        "tags": pa.array([list(item.tags) for item in known], pa.list_(pa.string())),
        "complete": np.array([item.complete for item in known], bool),
    }


def dictionary(texts: Sequence[str | None]) -> Any:
    """Build a column of texts that repeat."""
    return pa.array(texts, pa.string()).dictionary_encode().cast(_TEXT)
