"""Format `minari`: offline-RL episodes for Gymnasium. Needs minari with its `arrow` extra.

::

    <dataset>/                          with splits: <dataset>/<split>/, each a dataset of its own
        metadata.json                   spaces and totals
        <episode>/part-0.arrow, metadata.json

Observation: the screenshot, `Box(0, 255, (height, width, 3), uint8)`, compressed without loss. Action: which buttons
were held at each frame of the frame set that followed, `MultiBinary((frames, buttons))`. With a goal, a reward is what
was gained during that frame set, 0 where it is not known, and an episode terminates where it is over; without, every
reward is 0. Else each is truncated where the recording breaks, or after `max_episode` frame sets. The infos of each
observation hold `frame_set_id`, `emulator_frame`, `timestamp`, the numbers that all formats have, its labels as text,
empty without one; and, where the game has names of memory, `variables`, the value of each
(NaN where it is not known), in the order of `dataset.json`. Where the sessions have one game config, `env_spec` is that
of the environment that plays its game, with the same spaces and goal.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import orjson

from daemon.environment.options import (
    ENTRY_POINT,
    ActionKind,
    EnvironmentOptions,
    Observed,
    environment_id,
)
from daemon.exporting.columns import numeric_columns
from daemon.exporting.dataset import DatasetExporter, require
from daemon.exporting.destination import Facts, Unit
from daemon.exporting.episodes import Episode, ScreenshotSize, common_frames, require_episodes
from daemon.exporting.memory import MemoryForm
from daemon.exporting.options import DatasetOptions
from daemon.exporting.source import SessionSource
from daemon.exporting.split import ALL, under_split
from protocol.console import GBA
from protocol.session.annotations import TEXT_FIELDS
from protocol.session.reader import SessionReader
from protocol.session.screenshots import pixels

__all__ = ["MinariExporter"]

gymnasium = require("gymnasium")
minari = require("minari")
pa = require("pyarrow", "pyarrow.ipc")
storages = require("minari.dataset.minari_storage")

_FORMAT = "arrow"
_METADATA = "metadata.json"
_DESCRIPTION = (
    "{title}, traced with gbatrace. Actions: at each of a step's frames, which buttons were held ({buttons}). "
    "{rewards}."
)


class MinariExporter(DatasetExporter):
    """Exporter of one Minari dataset for each split.

    Episodes are laid out here as Minari's storage of the format `arrow` does (minari, dataset/_storages), which itself
    writes the bounds of all 115,200 values of a screenshot as JSON again with each episode. The metadata, without which
    Minari sees no dataset, come from that storage, at the end.
    """

    format_name = "minari"
    memory_forms = frozenset({MemoryForm.NONE, MemoryForm.DENSE, MemoryForm.WORDS})

    def __init__(self, sessions: Sequence[SessionReader], options: DatasetOptions) -> None:
        super().__init__(sessions, options)
        self._frames = common_frames([session.metadata for session in sessions])
        self._size = ScreenshotSize()
        games = dict.fromkeys(session.metadata.game_name for session in sessions)
        self._title = options.title or ", ".join(filter(None, games)) or GBA.name

    def write_session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:
        """Write a session's episodes."""
        self._size.known = next((fact["size"] for fact in before if fact["size"]), None)
        steps: dict[str, list[int]] = {split: [] for split in source.split_names}
        earlier = {split: sum(len(fact["steps"].get(split, ())) for fact in before) for split in steps}
        for episode in self.episodes(source):
            self._size.check(episode, source.session_id)
            number = earlier[episode.split] + len(steps[episode.split])
            self._write(episode, source, number, unit)
            steps[episode.split].append(episode.steps)
        return {"size": self._size.known, "steps": steps}

    def write_rest(self, unit: Unit, facts: Sequence[Facts]) -> Facts:
        """Write the metadata of each split's dataset."""
        totals: dict[str, Any] = {}
        for split in dict.fromkeys(split for fact in facts for split in fact["steps"]):
            steps = [number for fact in facts for number in fact["steps"].get(split, ())]
            totals[split] = {"episodes": len(steps), "steps": sum(steps)}
            if steps:
                self._size.known = next(fact["size"] for fact in facts if fact["size"])
                with TemporaryDirectory() as aside:
                    storage = self._storage(Path(aside))
                    storage.update_metadata(
                        {
                            "dataset_id": _dataset_id(self._title, split),
                            "total_episodes": len(steps),
                            "total_steps": sum(steps),
                            "dataset_size": 0.0,
                            "description": _DESCRIPTION.format(
                                title=self._title, buttons=", ".join(self.buttons.names), rewards=self._rewards()
                            ),
                            "minari_version": minari.__version__,
                        }
                    )
                    unit.write(under_split(split, _METADATA), Path(aside, _METADATA).read_bytes())
        self.remarks += require_episodes({split: total["episodes"] for split, total in totals.items()})
        return {"splits": totals}

    def _write(self, episode: Episode, source: SessionSource, number: int, unit: Unit) -> None:
        folder = under_split(episode.split, str(number))
        batch = self._batch(episode)
        with pa.OSFile(str(unit.path(f"{folder}/part-0.{_FORMAT}")), "wb") as file:
            options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", 1))
            with pa.ipc.new_file(file, batch.schema, options=options) as writer:
                writer.write_batch(batch)
        metadata = {"id": number, "total_steps": episode.steps, "session": source.session_id}
        unit.write(f"{folder}/{_METADATA}", orjson.dumps(metadata))

    def _batch(self, episode: Episode) -> Any:
        """Lay out an episode as Minari does: a row per observation, the last without action."""
        sets, steps = episode.sets, episode.steps
        screenshots = np.concatenate([pixels(item.png).ravel() for item in sets])
        actions = np.zeros((steps + 1, self._frames * len(self.buttons.names)), np.int8)
        actions[:-1] = episode.actions(self.buttons).reshape(steps, -1)
        dones = episode.columns.dones[1:]
        infos = {
            "frame_set_id": [item.frame_set_id for item in sets],
            "emulator_frame": [item.frames[-1].frame for item in sets],
            "timestamp": [item.frames[-1].timestamp for item in sets],
        }
        numbers = {name: pa.array(values, pa.int64()) for name, values in infos.items()}
        numbers |= {column.name: pa.array(column.of(episode.columns)) for column in numeric_columns()}
        numbers |= {
            name: pa.array([getattr(item, name) if item else "" for item in episode.columns.labels], pa.string())
            for name in TEXT_FIELDS
        }
        if self.options.memory is not MemoryForm.NONE:
            memories = episode.columns.memories
            words = (
                memories
                if isinstance(memories, np.ndarray)
                else np.frombuffer(b"".join(filter(None, memories)), np.uint8)
            )
            numbers["memory"] = pa.FixedSizeListArray.from_arrays(pa.array(words.ravel()), words.size // len(sets))
        if len(self.variables):
            values = pa.array(episode.columns.variables.ravel())
            numbers["variables"] = pa.FixedSizeListArray.from_arrays(values, len(self.variables))
        columns = {
            "observations": pa.FixedSizeListArray.from_arrays(pa.array(screenshots), len(screenshots) // len(sets)),
            "actions": pa.FixedSizeListArray.from_arrays(pa.array(actions.ravel()), actions.shape[1]),
            "rewards": np.append(np.nan_to_num(episode.columns.rewards[1:]), 0.0),
            "terminations": np.append(dones, False),
            "truncations": (np.arange(steps + 1) == steps - 1) & ~np.append(dones, False),
            "infos": pa.StructArray.from_arrays(list(numbers.values()), list(numbers)),
        }
        return pa.RecordBatch.from_pydict(columns)

    def _rewards(self) -> str:
        if self.goal is None:
            return "Rewards are 0: the recording knows no goal"
        return "; ".join(f"{key}: {text}" for key, text in self.goal.document.items())

    def _environment(self) -> Any:
        """Specify the environment that plays this game; None where there is none."""
        configs = {session.metadata.game_config for session in self.sessions}
        if len(configs) != 1 or self._size.known != [GBA.width, GBA.height] or self.buttons.names != GBA.buttons:
            return None
        game = Path(configs.pop()).stem
        if not game:
            return None
        options = EnvironmentOptions(
            game=game,
            observe=Observed.PICTURE.value,
            actions=ActionKind.FRAMES.value,
            frame_skip=self._frames,
            goal=self.goal.document if self.goal else None,
        )
        return gymnasium.envs.registration.EnvSpec(environment_id(game), ENTRY_POINT, kwargs=options.given())

    def _storage(self, folder: Path) -> Any:
        width, height = self._size.known or (0, 0)
        spaces = gymnasium.spaces
        return storages.MinariStorage.new(
            folder,
            env_spec=self._environment(),
            observation_space=spaces.Box(0, 255, (height, width, 3), np.uint8),
            action_space=spaces.MultiBinary((self._frames, len(self.buttons.names))),
            data_format=_FORMAT,
            jpeg_encoding=False,
        )


def _dataset_id(title: str, split: str) -> str:
    words = re.sub(r"\W+", "-", title.lower(), flags=re.ASCII).strip("-") or "play"
    return f"gbatrace/{words}-v0" if split == ALL else f"gbatrace/{words}-{split}-v0"
