"""Format `lerobot`: LeRobotDataset v3.0. Needs pyarrow.

Its layout is that of LeRobot, docs/source/lerobot-dataset-v3.mdx:

::

    <dataset>/                                  with splits: <dataset>/<split>/, each a dataset of its own
        meta/info.json                          schema, frame rate, where the files are
        meta/stats.json                         statistics of each feature
        meta/tasks.parquet                      what the player does, in words
        meta/episodes/chunk-000/file-000.parquet
        data/chunk-000/file-000.parquet         one row for each step, screenshots as PNG
        videos/observation.image/chunk-000/file-000.mp4    with `--pictures video` in their place

A row is a step: `observation.image` is the screenshot after frame set *t*, `action` what was held during frame set *t*
+ 1, as the share of its frames for each button (0 to 1), `buttons` the same frame by frame. `timestamp` is `frame_index
/ fps`, as the format demands, and `fps` a whole number: the console draws 59.7275 frames a second, so time runs by half
a percent too slow; `emulator_frame` is exact. Episodes end at discontinuities, and after `max_episode` frame sets.
`observation.state` is what a policy may know besides the screenshot: the values of the game's named addresses where it
has any, else the buttons held while it was drawn. `variables` are the same values in double precision;
`variables_known` is false where a value, then 0, is not known. With a goal, `next.reward` is what the action gained,
and `next.done` whether the episode was over then. With the option `language`, labels are in the language
columns, see `language`: LeRobot reads those from 0.6.0 on, and stacks them into no batch by itself.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from daemon.exporting.batch import SetColumns
from daemon.exporting.columns import numeric_columns
from daemon.exporting.dataset import DatasetExporter, require
from daemon.exporting.destination import Facts, Unit
from daemon.exporting.episodes import Episode, ScreenshotSize, common_frames, require_episodes, sets_per_second
from daemon.exporting.feature_statistics import column_statistics, merged_statistics, sampled, screenshot_statistics
from daemon.exporting.language import event_rows, persistent_rows
from daemon.exporting.lerobot_features import (
    IMAGE,
    LANGUAGE,
    VIDEO_PATH,
    Feature,
    arrow_column,
    arrow_schema,
    language_column,
)
from daemon.exporting.memory import MemoryForm
from daemon.exporting.options import DatasetOptions
from daemon.exporting.source import SessionSource
from daemon.exporting.split import ALL, under_split
from protocol.session.frame_set import hex_word
from protocol.session.reader import SessionReader
from protocol.session.screenshots import pixels

if TYPE_CHECKING:
    from daemon.exporting.lerobot_videos import VideoFiles

__all__ = ["CODEBASE_VERSION", "LeRobotExporter"]

pa = require("pyarrow")
pq = require("pyarrow.parquet")

CODEBASE_VERSION = "v3.0"

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


class LeRobotExporter(DatasetExporter):
    """Exporter of one LeRobot dataset for each split."""

    format_name = "lerobot"
    memory_forms = frozenset({MemoryForm.NONE, MemoryForm.WORDS})
    has_video = True

    def __init__(self, sessions: Sequence[SessionReader], options: DatasetOptions) -> None:
        super().__init__(sessions, options)
        self._frames = common_frames([session.metadata for session in sessions])
        self._fps = sets_per_second(self._frames)
        self._tasks = list(dict.fromkeys(self._task(session.metadata.game_name) for session in sessions))
        self._schema = arrow_schema(self._features())
        self._size = ScreenshotSize()

    def write_session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:
        """Write a session's steps."""
        self._size.known = next((fact["size"] for fact in before if fact["size"]), None)
        files = {split: _Files(split, self._schema, unit, before) for split in source.split_names}
        videos = self._videos(source, unit, before)
        with ExitStack() as stack:
            for split, file in files.items():
                stack.callback(file.close)
                if split in videos:
                    stack.callback(videos[split].close)
            for episode in self.episodes(source):
                self._write(episode, source, files[episode.split], videos.get(episode.split))
        rows = {split: file.episodes for split, file in files.items()}
        return {
            "size": self._size.known,
            "episodes": rows,
            "files": {split: file.used for split, file in files.items()},
            "videos": {split: video.used for split, video in videos.items()},
        }

    def _videos(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> "Mapping[str, VideoFiles]":
        """Return the videos of each split; none where screenshots are in the table."""
        if not self.is_video:
            return {}
        from daemon.exporting.lerobot_videos import VideoFiles  # noqa: PLC0415 - PyAV is needed for video alone

        return {split: VideoFiles(split, self._fps, _FILES_PER_CHUNK, unit, before) for split in source.split_names}

    def write_rest(self, unit: Unit, facts: Sequence[Facts]) -> Facts:
        """Write the metadata of each split's dataset."""
        splits = list(dict.fromkeys(split for fact in facts for split in fact["episodes"]))
        totals: dict[str, Any] = {}
        for split in splits:
            rows = [row for fact in facts for row in fact["episodes"].get(split, [])]
            totals[split] = {"episodes": len(rows), "steps": sum(row["length"] for row in rows)}
            if rows:
                self._write_metadata(unit, split, rows)
        self.remarks += require_episodes({split: total["episodes"] for split, total in totals.items()})
        return {"fps": self._fps, "splits": totals}

    def _task(self, game: str) -> str:
        return self.options.task or f"Play {game or 'the game'}"

    def _write(
        self, episode: Episode, source: SessionSource, file: "_Files", videos: "VideoFiles | None" = None
    ) -> None:
        width, height = self._size.check(episode, source.session_id)
        number, steps = file.next_episode, episode.steps
        held = episode.actions(self.buttons)
        times = (np.arange(steps) / self._fps).astype(np.float32)
        task = self._task(source.metadata.game_name)
        seen, seen_columns = episode.sets[:-1], episode.seen
        columns: dict[str, Any] = {
            "observation.state": self._state(seen_columns),
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
        if isinstance(seen_columns.memories, np.ndarray):
            columns["memory"] = seen_columns.memories.astype(np.int64)
        if len(self.variables):
            known = np.isfinite(seen_columns.variables)
            columns |= {"variables": np.where(known, seen_columns.variables, 0), "variables_known": known}
        columns |= {column.name: np.asarray(column.of(seen_columns)) for column in numeric_columns()}
        if self.goal is not None:
            columns["next.reward"] = np.nan_to_num(episode.columns.rewards[1:]).astype(np.float32)
            columns["next.done"] = episode.columns.dones[1:]
        stats = {name: column_statistics(column) for name, column in columns.items()}
        stats[IMAGE] = screenshot_statistics([pixels(seen[place].png) for place in sampled(steps)])
        arrays = {name: arrow_column(column) for name, column in columns.items()}
        if videos is None:
            screenshots = [{"bytes": item.png, "path": None} for item in seen]
            arrays[IMAGE] = pa.array(screenshots, self._schema.field(IMAGE).type)
        if self.options.language:
            persistent = persistent_rows(seen_columns.labels, times.tolist())
            events = event_rows(seen_columns.labels, IMAGE)
            arrays["language_persistent"] = language_column([persistent] * steps, timed=True)
            arrays["language_events"] = language_column(events, timed=False)
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
                **(videos.write(seen) if videos is not None else {}),
            },
        )

    def _state(self, columns: SetColumns) -> NDArray[np.float32]:
        """Return the state of each step: the variables, 0 where unknown, or the buttons held."""
        if len(self.variables):
            return np.nan_to_num(columns.variables).astype(np.float32)
        shares: NDArray[np.float32] = self.buttons.flags(columns.held).mean(axis=1, dtype=np.float32)
        return shares

    def _features(self) -> list[Feature]:
        frames = [f"frame{place}.{name}" for place in range(self._frames) for name in self.buttons.names]
        state = self.variables.columns or self.buttons.names
        features = [
            Feature(IMAGE, "video" if self.is_video else "image"),
            Feature("observation.state", "float32", state),
            Feature("action", "float32", self.buttons.names),
            Feature("buttons", "bool", frames),
            *(Feature(name, kind) for name, kind in _SCALARS.items()),
            *(Feature(column.name, column.kind) for column in numeric_columns()),
        ]
        if self.goal is not None:
            features += [Feature("next.reward", "float32"), Feature("next.done", "bool")]
        if len(self.variables):
            features += [Feature(name, kind, self.variables.columns) for name, kind in _VARIABLES.items()]
        if len(self.addresses):
            features.append(Feature("memory", "int64", [hex_word(address) for address in self.addresses.tolist()]))
        if self.options.language:
            features += [Feature(name, "language") for name in LANGUAGE]
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
            "video_path": VIDEO_PATH if self.is_video else None,
            "features": {one.name: one.as_info(rows[0]["screenshot"], self._fps) for one in self._features()},
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
