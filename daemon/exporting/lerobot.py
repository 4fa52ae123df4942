"""Format `lerobot`: LeRobotDataset v3.0. Needs pyarrow.

Its layout is that of LeRobot, docs/source/lerobot-dataset-v3.mdx:

::

    <dataset>/                                  with splits: <dataset>/<split>/, each a dataset of its own
        meta/info.json                          schema, frame rate, where the files are
        meta/stats.json                         statistics of each feature
        meta/tasks.parquet                      what the player does, in words
        meta/episodes/chunk-000/file-000.parquet
        data/chunk-000/file-000.parquet         one row for each step, screenshots as PNG

A row is a step: `observation.image` is the screenshot after frame set *t*, `action` what was held during frame set *t*
+ 1, as the share of its frames for each button (0 to 1), `buttons` the same frame by frame. `timestamp` is `frame_index
/ fps`, as the format demands, and `fps` a whole number: the console draws 59.7275 frames a second, so time runs by half
a percent too slow; `emulator_frame` is exact. Episodes end at discontinuities, and after `max_episode` frame sets.
Labels are in the language columns, see `language`. Where the game has names of memory, `variables` are their values
with the screenshot; `variables_known` is false where a value, then 0, is not known.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson

from daemon.exporting.columns import numeric_columns
from daemon.exporting.dataset import DatasetExporter, require
from daemon.exporting.destination import Facts, Unit
from daemon.exporting.episodes import Episode, ScreenshotSize, common_frames, require_episodes
from daemon.exporting.feature_statistics import column_statistics, merged_statistics, sampled, screenshot_statistics
from daemon.exporting.language import event_rows, persistent_rows
from daemon.exporting.options import DatasetOptions
from daemon.exporting.recoding import pixels
from daemon.exporting.source import SessionSource
from daemon.exporting.split import ALL, under_split
from protocol.console import GBA
from protocol.session.reader import SessionReader

__all__ = ["CODEBASE_VERSION", "LeRobotExporter"]

pa = require("pyarrow")
pq = require("pyarrow.parquet")

CODEBASE_VERSION = "v3.0"

_IMAGE = "observation.image"
_DATA_BYTES = 100_000_000
_FILES_PER_CHUNK = 1000
_DATA_PATH = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
_EPISODES_PATH = "meta/episodes/chunk-000/file-000.parquet"
_SCALARS = {
    "frame_set_id": "int64",
    "emulator_frame": "int64",
    "timestamp": "float32",
    "frame_index": "int64",
    "episode_index": "int64",
    "index": "int64",
    "task_index": "int64",
}
_VARIABLES = {"variables": "float64", "variables_known": "bool"}
_LANGUAGE = ("language_persistent", "language_events")


class LeRobotExporter(DatasetExporter):
    """Exporter of one LeRobot dataset for each split."""

    format_name = "lerobot"

    def __init__(self, sessions: Sequence[SessionReader], options: DatasetOptions) -> None:
        super().__init__(sessions, options)
        self._frames = common_frames([session.metadata for session in sessions])
        self._fps = round(GBA.frames_per_second / self._frames)
        self._tasks = list(dict.fromkeys(self._task(session.metadata.game_name) for session in sessions))
        self._scalars = _SCALARS | {column.name: column.kind.value for column in numeric_columns()}
        self._schema = self._arrow_schema()
        self._size = ScreenshotSize()

    def write_session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:
        """Write a session's steps."""
        self._size.known = next((fact["size"] for fact in before if fact["size"]), None)
        files = {split: _Files(split, self._schema, unit, before) for split in source.split_names}
        try:
            for episode in self.episodes(source):
                self._write(episode, source, files[episode.split])
        finally:
            for file in files.values():
                file.close()
        rows = {split: file.episodes for split, file in files.items()}
        return {
            "size": self._size.known,
            "episodes": rows,
            "files": {split: file.used for split, file in files.items()},
        }

    def write_rest(self, unit: Unit, facts: Sequence[Facts]) -> Facts:
        """Write the metadata of each split's dataset."""
        splits = list(dict.fromkeys(split for fact in facts for split in fact["episodes"]))
        totals: dict[str, Any] = {}
        for split in splits:
            rows = [row for fact in facts for row in fact["episodes"].get(split, [])]
            totals[split] = {"episodes": len(rows), "steps": sum(row["length"] for row in rows)}
            if rows:
                self._write_metadata(unit, split, rows)
        require_episodes(sum(total["episodes"] for total in totals.values()))
        return {"fps": self._fps, "splits": totals}

    def _task(self, game: str) -> str:
        return self.options.task or f"Play {game or 'the game'}"

    def _write(self, episode: Episode, source: SessionSource, file: "_Files") -> None:
        width, height = self._size.check(episode, source.session_id)
        number, steps = file.next_episode, episode.steps
        held = episode.actions(self.buttons)
        times = (np.arange(steps) / self._fps).astype(np.float32)
        task = self._task(source.metadata.game_name)
        seen, seen_columns = episode.sets[:-1], episode.seen
        columns: dict[str, Any] = {
            "action": held.mean(axis=1).astype(np.float32),
            "buttons": held.reshape(steps, -1),
            "frame_set_id": np.array([item.frame_set_id for item in seen], np.int64),
            "emulator_frame": np.array([item.frames[-1].frame for item in seen], np.int64),
            "timestamp": times,
            "frame_index": np.arange(steps),
            "episode_index": np.full(steps, number),
            "index": np.arange(steps) + file.next_index,
            "task_index": np.full(steps, self._tasks.index(task)),
        }
        if len(self.variables):
            known = np.isfinite(seen_columns.variables)
            columns |= {"variables": np.where(known, seen_columns.variables, 0), "variables_known": known}
            if len(self.variables) == 1:  # LeRobot keeps a feature of shape (1,) as plain values.
                columns |= {name: columns[name].ravel() for name in _VARIABLES}
        columns |= {column.name: np.asarray(column.of(seen_columns)) for column in numeric_columns()}
        stats = {name: column_statistics(column) for name, column in columns.items()}
        stats[_IMAGE] = screenshot_statistics([pixels(seen[place].png) for place in sampled(steps)])
        arrays = {
            _IMAGE: pa.array([{"bytes": item.png, "path": None} for item in seen], self._schema.field(_IMAGE).type),
            **{name: _arrow_column(column) for name, column in columns.items()},
        }
        if self.options.language:
            persistent = persistent_rows(seen_columns.labels, times.tolist())
            events = event_rows(seen_columns.labels, _IMAGE)
            arrays["language_persistent"] = _language([persistent] * steps, timed=True)
            arrays["language_events"] = _language(events, timed=False)
        table = pa.table([arrays[name] for name in self._schema.names], schema=self._schema)
        file.write(
            table,
            [task],
            stats,
            {
                "session": source.session_id,
                "first_frame_set": seen[0].frame_set_id,
                "last_frame_set": episode.sets[-1].frame_set_id,
                "screenshot": [height, width, 3],
            },
        )

    def _features(self, screenshot: Sequence[int]) -> dict[str, Any]:
        frames = [f"frame{place}.{name}" for place in range(self._frames) for name in self.buttons.names]
        features: dict[str, Any] = {
            _IMAGE: {"dtype": "image", "shape": list(screenshot), "names": ["height", "width", "channels"]},
            "action": {"dtype": "float32", "shape": [len(self.buttons.names)], "names": list(self.buttons.names)},
            "buttons": {"dtype": "bool", "shape": [len(frames)], "names": frames},
        }
        features |= {name: {"dtype": kind, "shape": [1], "names": None} for name, kind in self._scalars.items()}
        for name, kind in _VARIABLES.items() if len(self.variables) else ():
            features[name] = {"dtype": kind, "shape": [len(self.variables)], "names": self.variables.columns}
        if self.options.language:
            features |= {name: {"dtype": "language", "shape": [1], "names": None} for name in _LANGUAGE}
        return features

    def _arrow_schema(self) -> Any:
        buttons = len(self.buttons.names)
        fields: dict[str, Any] = {
            _IMAGE: pa.struct([("bytes", pa.binary()), ("path", pa.string())]),
            "action": pa.list_(pa.float32(), buttons),
            "buttons": pa.list_(pa.bool_(), buttons * self._frames),
            **{name: pa.type_for_alias(kind) for name, kind in self._scalars.items()},
        }
        for name, kind in _VARIABLES.items() if len(self.variables) else ():
            one = pa.type_for_alias(kind)
            fields[name] = one if len(self.variables) == 1 else pa.list_(one, len(self.variables))
        if self.options.language:
            fields |= {
                "language_persistent": _row_type(pa.json_(), timed=True),
                "language_events": _row_type(pa.json_(), timed=False),
            }
        metadata = {"huggingface": orjson.dumps({"info": {"features": self._hub_features()}})}
        return pa.schema(list(fields.items()), metadata=metadata)

    def _hub_features(self) -> dict[str, Any]:
        """Describe the columns as `datasets` does, for the Hub's viewer."""
        text = {"dtype": "string", "_type": "Value"}
        row = {"role": text, "content": text, "style": text}
        more = {"camera": text, "tool_calls": {"feature": {"_type": "Json"}, "_type": "List"}}
        timed = {"timestamp": {"dtype": "float32", "_type": "Value"}}
        buttons = len(self.buttons.names)
        features: dict[str, Any] = {
            _IMAGE: {"_type": "Image"},
            "action": {"feature": {"dtype": "float32", "_type": "Value"}, "length": buttons, "_type": "List"},
            "buttons": {
                "feature": {"dtype": "bool", "_type": "Value"},
                "length": buttons * self._frames,
                "_type": "List",
            },
            **{name: {"dtype": kind, "_type": "Value"} for name, kind in self._scalars.items()},
        }
        for name, kind in _VARIABLES.items() if len(self.variables) else ():
            one = {"dtype": kind, "_type": "Value"}
            many = {"feature": one, "length": len(self.variables), "_type": "List"}
            features[name] = one if len(self.variables) == 1 else many
        if self.options.language:
            features["language_persistent"] = {"feature": row | timed | more, "_type": "List"}
            features["language_events"] = {"feature": row | more, "_type": "List"}
        return features

    def _write_metadata(self, unit: Unit, split: str, rows: Sequence[Mapping[str, Any]]) -> None:
        steps = sum(row["length"] for row in rows)
        info = {
            "codebase_version": CODEBASE_VERSION,
            "robot_type": "game_boy_advance",
            "total_episodes": len(rows),
            "total_frames": steps,
            "total_tasks": len(self._tasks),
            "chunks_size": _FILES_PER_CHUNK,
            "data_files_size_in_mb": _DATA_BYTES // 1_000_000,
            "video_files_size_in_mb": 200,
            "fps": self._fps,
            "splits": {"train" if split == ALL else split: f"0:{len(rows)}"},
            "data_path": _DATA_PATH,
            "video_path": None,
            "features": self._features(rows[0]["screenshot"]),
        }
        unit.write(under_split(split, "meta/info.json"), _json(info))
        names = list(rows[0]["stats"])
        stats = {name: merged_statistics([row["stats"][name] for row in rows]) for name in names}
        unit.write(under_split(split, "meta/stats.json"), _json(stats))
        pq.write_table(_tasks_table(self._tasks), unit.path(under_split(split, "meta/tasks.parquet")))
        pq.write_table(_episodes_table(rows), unit.path(under_split(split, _EPISODES_PATH)))


class _Files:
    """Data files of one split while a session is written.

    Each session begins a new one, and so do each 100 MB.

    Attributes:
        used: how many files were begun.
        episodes: a row for each episode written.
        next_episode: number of the next episode of the split.
        next_index: number of the next step of the split.
    """

    def __init__(self, split: str, schema: Any, unit: Unit, before: Sequence[Facts]) -> None:
        self._split, self._schema, self._unit = split, schema, unit
        earlier = [row for fact in before for row in fact["episodes"].get(split, [])]
        self._first_file = sum(fact["files"].get(split, 0) for fact in before)
        self.used = 0
        self.episodes: list[dict[str, Any]] = []
        self.next_episode = len(earlier)
        self.next_index = sum(row["length"] for row in earlier)
        self._writer: Any = None
        self._bytes = 0

    def write(self, table: Any, tasks: list[str], stats: Mapping[str, Any], more: Mapping[str, Any]) -> None:
        """Append an episode, a row group of its own."""
        if self._writer is None or self._bytes + table.nbytes > _DATA_BYTES:
            self._next_file()
        self._writer.write_table(table)
        self._bytes += table.nbytes
        number = self._first_file + self.used - 1
        self.episodes.append(
            {
                "episode_index": self.next_episode,
                "tasks": tasks,
                "length": table.num_rows,
                "data/chunk_index": number // _FILES_PER_CHUNK,
                "data/file_index": number % _FILES_PER_CHUNK,
                "dataset_from_index": self.next_index,
                "dataset_to_index": self.next_index + table.num_rows,
                "stats": stats,
                **more,
            }
        )
        self.next_episode += 1
        self.next_index += table.num_rows

    def close(self) -> None:
        """End the file."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _next_file(self) -> None:
        self.close()
        number = self._first_file + self.used
        name = _DATA_PATH.format(chunk_index=number // _FILES_PER_CHUNK, file_index=number % _FILES_PER_CHUNK)
        self._writer = pq.ParquetWriter(
            self._unit.path(under_split(self._split, name)), self._schema, compression="snappy"
        )
        self._bytes = 0
        self.used += 1


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _language(rows: Sequence[Sequence[Mapping[str, Any]]], *, timed: bool) -> Any:
    """Build a language column; Arrow builds no JSON from Python, so that part is cast."""
    return pa.array(rows, _row_type(pa.string(), timed=timed)).cast(_row_type(pa.json_(), timed=timed))


def _row_type(tool_call: Any, *, timed: bool) -> Any:
    """Return the type of a language column: a list of rows."""
    fields = [
        pa.field("role", pa.string(), nullable=False),
        pa.field("content", pa.string()),
        pa.field("style", pa.string()),
        *([pa.field("timestamp", pa.float32(), nullable=False)] if timed else []),
        pa.field("camera", pa.string()),
        pa.field("tool_calls", pa.list_(tool_call)),
    ]
    return pa.list_(pa.struct(fields))


def _arrow_column(column: np.ndarray[Any, Any]) -> Any:
    if column.ndim == 1:
        return pa.array(column)
    return pa.FixedSizeListArray.from_arrays(pa.array(column.ravel()), column.shape[1])


def _tasks_table(tasks: Sequence[str]) -> Any:
    """Return the tasks as pandas would write them, with the task as index."""
    table = pa.table({"task_index": pa.array(range(len(tasks)), pa.int64()), "task": list(tasks)})
    columns = [
        {"name": name, "field_name": name, "pandas_type": kind, "numpy_type": numpy_type, "metadata": None}
        for name, kind, numpy_type in (("task_index", "int64", "int64"), ("task", "unicode", "object"))
    ]
    pandas = {"index_columns": ["task"], "column_indexes": [], "columns": columns, "pandas_version": "2.0.0"}
    return table.replace_schema_metadata({"pandas": orjson.dumps(pandas)})


def _episodes_table(rows: Sequence[Mapping[str, Any]]) -> Any:
    plain = [name for name in rows[0] if name not in ("stats", "screenshot")]
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in plain}
    for feature, stats in rows[0]["stats"].items():
        for name in stats:
            columns[f"stats/{feature}/{name}"] = [row["stats"][feature][name] for row in rows]
    columns["meta/episodes/chunk_index"] = columns["meta/episodes/file_index"] = [0] * len(rows)
    return pa.table(columns)
