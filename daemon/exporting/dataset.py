"""Export of sessions as one dataset folder, common to all dataset formats. Shell.

A *dataset* is a folder with one or more sessions in one format; `dataset.json` names everything that went into it. An
export that was interrupted goes on with the first session that is not finished.
"""

import hashlib
import platform
import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import orjson

from daemon.analysis.session_history import SessionHistory
from daemon.exporting.actions import Combinations
from daemon.exporting.buttons import Buttons
from daemon.exporting.columns import COLUMNS, GOAL_COLUMNS, Column
from daemon.exporting.copies import places_in_play, same_plays, session_print
from daemon.exporting.destination import Destination, Facts, FinishedUnit, Unit, write_unit
from daemon.exporting.engines import Engine
from daemon.exporting.episodes import Episode, episodes
from daemon.exporting.goal_files import read_goal
from daemon.exporting.manifest import manifest_json, session_entry
from daemon.exporting.memory import MemoryForm, changing_addresses
from daemon.exporting.options import DatasetOptions, ImageMode
from daemon.exporting.session_task import SessionTask, logged_combinations
from daemon.exporting.source import Contents, SessionSource
from daemon.exporting.split import SplitBy, SplitPlan, empty_splits, split_sets
from daemon.exporting.variables import VariableChoice, Variables
from daemon.goals.goals import parse_goal
from daemon.names.book_files import session_book
from daemon.names.named_address import NamedAddress
from daemon.progress import Progress
from protocol.changes import U32
from protocol.errors import ConfigError, DocumentError, ExportError, SessionError
from protocol.regions import Region
from protocol.session.change_log_reader import logged_blocks
from protocol.session.metadata import memory_regions
from protocol.session.reader import SessionReader, open_session
from protocol.wording import how_to_install, sentence
from resources.config_files import read_label_set, session_game_config
from resources.label_set import DEFAULT_LABEL_SET

__all__ = ["DatasetExporter", "require"]

_DATASET = "dataset"
"""Name of the unit that holds the dataset's own files."""


class DatasetExporter(ABC):
    """Exporter of one dataset, the base of all dataset formats; see `exporters.Exporter`.

    Attributes:
        sessions: the sessions that go in, in order.
        options: the choices, with the label set filled in.
        buttons: the dataset's buttons.
        variables: the named addresses whose values go in.
        goal: reward and end; None where none was declared.
        columns: the columns that every format has.
        regions: of memory images, in order; empty where memory is left out.
        addresses: of the words of memory that go in, shape (w,).
        is_video: whether screenshots are frames of videos.
        remarks: sentences about the dataset, for the person who exports.

    Args:
        sessions: at least one.
        options: the choices.

    Raises:
        ExportError: a session is named twice, or there is nothing to export.
    """

    format_name: ClassVar[str]
    """The format's name in `dataset.json`."""

    is_apart: ClassVar[bool] = False
    """True where a session's files depend on no session before it, but for the numbers of combinations."""

    memory_forms: ClassVar[frozenset[MemoryForm]] = frozenset(MemoryForm)
    """The forms of memory that the format has room for."""

    has_video: ClassVar[bool] = False
    """True where its screenshots may be video."""

    def __init__(self, sessions: Sequence[SessionReader], options: DatasetOptions) -> None:
        self._numbers = {session.session_id: session.frame_set_ids() for session in sessions}
        if len(self._numbers) < len(sessions):
            raise ExportError("A session is named twice: name each session once.")
        if not any(self._numbers.values()):
            raise ExportError("There is nothing to export: the sessions hold no frame sets.")
        if options.images is ImageMode.VIDEO and not self.has_video:
            raise ExportError(f"{self.format_name} has no pictures as video: choose lerobot or webdataset.")
        self.is_video = options.images is ImageMode.VIDEO
        if self.is_video:
            require("av", extra="video")
        if not options.label_set:
            options = replace(options, label_set=", ".join(dict.fromkeys(map(_label_set_of, sessions))))
        self.sessions = tuple(sessions)
        self.options = options
        self.buttons = Buttons(session.metadata.recorder.get("buttons") or () for session in sessions)
        self.regions, self.addresses = self._memory_layout()
        declared = read_goal(sessions, options.goal)
        needs_names = declared is not None or options.variables is not VariableChoice.NONE
        self._names = {session.session_id: _names_of(session) if needs_names else () for session in sessions}
        self.variables = Variables.of(self._names.values(), options.variables)
        every = Variables.of(self._names.values(), VariableChoice.ALL)
        self.goal = None if declared is None else parse_goal(declared[0], every.columns, declared[1])
        self._contents = Contents(
            buttons=self.buttons,
            variables=self.variables,
            goal=None if self.goal is None else (self.goal, every.named(self.goal.names)),
            memory=options.memory,
            addresses=self.addresses,
            old_pictures=options.old_pictures,
        )
        self.columns = self._columns()
        self.remarks: list[str] = []

    def __getstate__(self) -> dict[str, Any]:
        """Return what the processes of an engine need, which write one session each."""
        return self.__dict__ | {"sessions": (), "_numbers": {}, "_names": {}, "columns": ()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take it up there; columns are functions, and not sent."""
        self.__dict__.update(state)
        self.columns = self._columns()

    def _columns(self) -> Sequence[Column]:
        return COLUMNS if self.goal is None else (*COLUMNS, *GOAL_COLUMNS)

    def _memory_layout(self) -> tuple[Sequence[Region], U32]:
        """Return the regions of memory images, and the addresses of the words that change."""
        form = self.options.memory
        if form is MemoryForm.NONE:
            return (), np.empty(0, np.uint32)
        if form not in self.memory_forms:
            rooms = ", ".join(sorted(self.memory_forms - {MemoryForm.NONE}))
            raise ExportError(f"{self.format_name} has no room for --memory {form}: choose {rooms}.")
        layouts = {tuple(memory_regions(session.metadata)): session for session in self.sessions}
        if len(layouts) > 1:
            names = " and ".join(session.session_id for session in list(layouts.values())[:2])
            raise ExportError(f"{names} recorded different regions of memory: export them apart.")
        words = form is MemoryForm.WORDS
        histories = (SessionHistory(session).history for session in self.sessions if words)
        return next(iter(layouts)), changing_addresses(histories)

    @abstractmethod
    def write_session(self, source: SessionSource, unit: Unit, before: Sequence[Facts]) -> Facts:
        """Write a session.

        Args:
            source: the session.
            unit: where to write.
            before: the facts of the sessions written before it.

        Returns:
            Facts needed later, to which `counts` is added: those of the source.
        """

    @abstractmethod
    def write_rest(self, unit: Unit, facts: Sequence[Facts]) -> Facts:
        """Write the files of the whole dataset.

        Args:
            unit: where to write.
            facts: of all sessions, in order.

        Returns:
            The format's part of `dataset.json`, under `details`.
        """

    def episodes(self, source: SessionSource) -> Iterator[Episode]:
        """Read a session as episodes of steps, as the options want them."""
        return episodes(source.batches(), source.whole_frames, self.options.max_episode)

    def export(self, folder: Path, progress: Progress, engine: Engine | None = None) -> Sequence[str]:
        """Write the dataset, or finish one that was interrupted; see `exporters.Exporter`."""
        if engine is not None and not self.is_apart:
            raise ExportError(
                f"{self.format_name} numbers its episodes over all sessions, one after the other: "
                "export it without --engine."
            )
        plays = self._plays()
        copies = [list(play) for play in plays]
        splits = split_sets(self.options.split, self._numbers, plays)
        destination = Destination(folder, self._fingerprint())
        facts = [unit.facts for unit in destination.finished if unit.name != _DATASET]
        for session in self.sessions[: len(facts)]:
            progress(len(self._numbers[session.session_id]))
        tasks = [
            SessionTask(session.folder.path.absolute(), self._numbers[name], splits[name], self._names[name], {})
            for session in self.sessions[len(facts) :]
            for name in [session.session_id]
        ]
        if engine is None:
            for task in tasks:
                numbered = replace(task, combinations=_vocabulary_of(facts))
                facts.append(self._write_task(numbered, destination.folder, facts, destination.add, progress))
        else:
            self._write_apart(tasks, destination, facts, engine, progress)
        details: Facts = {}
        with destination.unit(_DATASET, details) as unit:
            details.update(self.write_rest(unit, facts))
        destination.close(self._manifest(destination, facts, details, copies))
        together = [f"{_listed(group)} are of one play: no two splits have a part of it in common." for group in copies]
        empty = empty_splits(self.options.split, splits.values())
        return together + _empty_remarks(self.options.split, empty) + self.remarks

    def _write_task(
        self,
        task: SessionTask,
        folder: Path,
        before: Sequence[Facts],
        done: Callable[[FinishedUnit], None],
        progress: Progress,
    ) -> Facts:
        """Write a session below a folder.

        Raises:
            SessionError: it is damaged.
        """
        combinations = Combinations([task.combinations])
        source = self._source(task, self._contents, combinations, progress)
        facts: Facts = {}
        with write_unit(folder, source.session_id, facts, done) as unit:
            try:
                facts.update(self.write_session(source, unit, before))
            except DocumentError as error:  # Which of its frame sets it is costs nothing to find out later.
                reason = f"{str(error).removesuffix('.')}: gbatrace verify {source.session_id} says where"
                raise SessionError(sentence(f"{task.session} is damaged: {reason}")) from error
            facts["counts"] = source.counts.as_map()
            facts["combinations"] = combinations.counts()
        return facts

    def _write_apart(
        self,
        tasks: Sequence[SessionTask],
        destination: Destination,
        facts: list[Facts],
        engine: Engine,
        progress: Progress,
    ) -> None:
        """Write sessions by an engine, and add their facts."""
        known, numbered = _vocabulary_of(facts), []
        for task, found in zip(tasks, engine.results(self._count, tasks), strict=True):
            numbered.append(replace(task, combinations=dict(known)))
            known |= dict.fromkeys(found, 0)
        write = partial(self._write_one, destination.folder)
        for task, (unit, unknown) in zip(tasks, engine.results(write, numbered), strict=True):
            destination.add(unit)
            facts.append(unit.facts)
            self.buttons.unknown |= unknown
            progress(len(task.numbers))

    def _count(self, task: SessionTask) -> dict[str, int]:
        """Count a session's combinations, in a process of an engine."""
        found = logged_combinations(open_session(task.session), task.numbers, self.buttons)
        if found is not None:
            return found
        combinations = Combinations()
        plain = replace(self._contents, variables=Variables(), goal=None, memory=MemoryForm.NONE)
        for _ in self._source(task, plain, combinations, _unseen).batches(with_png=False):
            pass
        return combinations.counts()

    def _write_one(self, folder: Path, task: SessionTask) -> tuple[FinishedUnit, set[str]]:
        """Write a session in a process of an engine; return it, and buttons without a column."""
        finished: list[FinishedUnit] = []
        self._write_task(task, folder, (), finished.append, _unseen)
        return finished[0], self.buttons.unknown

    def _source(
        self, task: SessionTask, contents: Contents, combinations: Combinations, progress: Progress
    ) -> SessionSource:
        session = open_session(task.session)
        return SessionSource(session, task.numbers, task.splits, task.names, contents, combinations, progress)

    def _plays(self) -> list[dict[str, list[int]]]:
        """Find the sessions of one play, and lay them over each other, where anything is split."""
        if self.options.split.by is SplitBy.NONE or len(self.sessions) == 1:
            return []
        prints = {
            session.session_id: session_print(
                session.metadata, memory_regions(session.metadata), logged_blocks(session)
            )
            for session in self.sessions
        }
        frames = min(session.metadata.num_frames_per_set for session in self.sessions)
        return [
            places_in_play({name: prints[name] for name in group}, self._numbers, frames)
            for group in same_plays(prints)
        ]

    def _manifest(
        self, destination: Destination, facts: Sequence[Facts], details: Facts, copies: Sequence[Sequence[str]]
    ) -> bytes:
        return manifest_json(
            self.format_name,
            options=self.options,
            buttons=self.buttons.names,
            combinations=self._vocabulary(facts),
            variables=self.variables.as_maps(),
            goal=None if self.goal is None else self.goal.document,
            memory=self._memory_as_map(),
            copies=copies,
            sessions=[
                session_entry(session.metadata, session.session_id, known["counts"])
                for session, known in zip(self.sessions, facts, strict=True)
            ],
            files=[entry for unit in destination.finished for entry in unit.files],
            details=details | {"unknown_buttons": sorted(self.buttons.unknown)},
        )

    def _memory_as_map(self) -> dict[str, Any] | None:
        if self.options.memory is MemoryForm.NONE:
            return None
        return {
            "form": self.options.memory,
            "regions": [{"name": region.name, "base": region.base, "size": region.size} for region in self.regions],
            **({"addresses": self.addresses.tolist()} if self.options.memory is MemoryForm.WORDS else {}),
        }

    def _vocabulary(self, facts: Sequence[Facts]) -> list[dict[str, Any]]:
        frames = Counter({0: 0})
        for fact in facts:
            frames.update({int(bits): count for bits, count in fact["combinations"].items()})
        return [
            {"combination": number, "buttons": self.buttons.combination(bits), "frames": count}
            for number, (bits, count) in enumerate(frames.items())
        ]

    def _fingerprint(self) -> str:
        """Hash everything by which an interrupted export is known to be the same."""
        known = [
            [
                session.session_id,
                session.metadata.created,
                len(self._numbers[session.session_id]),
                *self._numbers[session.session_id][-1:],
            ]
            for session in self.sessions
        ]
        histories = [_size(session.folder.annotation_history) for session in self.sessions]
        goal = None if self.goal is None else dict(self.goal.document)
        identity = [self.format_name, self.options.as_map(), known, histories, self.variables.as_maps(), goal]
        return hashlib.sha256(orjson.dumps(identity)).hexdigest()


def _vocabulary_of(facts: Sequence[Facts]) -> dict[str, int]:
    """Return the combinations of sessions, in the order in which they first come."""
    return dict.fromkeys((bits for fact in facts for bits in fact["combinations"]), 0)


def _unseen(_more: int) -> None:
    """Take progress that nobody sees."""


def require(*modules: str, extra: str = "export") -> Any:
    """Import modules of libraries that only some formats need.

    Args:
        modules: their dotted names.
        extra: of pyproject.toml, which installs them.

    Returns:
        The first of them.

    Raises:
        ExportError: one of them is not installed; the sentence says how to install it.
    """
    try:
        found = [import_module(name) for name in modules]
    except ImportError as error:
        missing = (error.name or modules[0]).split(".")[0]
        remedy = how_to_install(extra)
        if missing == "pyarrow" and (sys.platform, platform.machine()) == ("win32", "ARM64"):
            remedy = "there is none for Windows on ARM, so install the x64 Python and gbatrace in it"
        raise ExportError(f"This export needs {missing}, which is not installed: {remedy}") from None
    return found[0]


def _names_of(session: SessionReader) -> Sequence[NamedAddress]:
    return session_book(session.folder.path.parent, session).names


def _empty_remarks(plan: SplitPlan, empty: Sequence[str]) -> list[str]:
    """Say which splits have nothing, and what gives them something."""
    if not empty:
        return []
    remedy = f"a --block of less than {plan.block}" if plan.by is SplitBy.BLOCK else "--split block"
    return [f"Nothing fell to {_listed(empty)}: export more sessions, or choose {remedy}."]


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _label_set_of(session: SessionReader) -> str:
    """Name a session's label set with its version, `default 1`, if the file can be used."""
    data_folder, metadata = session.folder.path.parent, session.metadata
    config = session_game_config(data_folder, metadata.game_config, metadata.config_content, lambda _problem: None)
    name = config.label_set or DEFAULT_LABEL_SET
    with suppress(ConfigError):
        return f"{name} {read_label_set(data_folder, name).version}".strip()
    return name
