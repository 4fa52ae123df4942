"""Reader of one session in batches, so that memory stays flat. Shell: reads, never writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.analysis.session_history import SessionHistory
from daemon.exporting.actions import Combinations, FramePlacer, followed
from daemon.exporting.batch import NOTHING, Batch, SetColumns
from daemon.exporting.buttons import Buttons
from daemon.exporting.episodes import EpisodeCutter
from daemon.exporting.manifest import ExportCounts
from daemon.exporting.memory import MemoryForm, MemoryWalk
from daemon.exporting.pictures import OldPictures, picture_from, without_old_pictures
from daemon.exporting.variables import NO_VALUES, Variables, VariableValues, values_after
from daemon.goals.goals import Goal, GoalJudge, unjudged
from daemon.names.named_address import NamedAddress
from daemon.progress import Progress
from protocol.changes import U32
from protocol.errors import DocumentError, SessionError
from protocol.session.change_rows import ChangeColumns, change_columns, parse_change_rows
from protocol.session.event_document import split_event
from protocol.session.event_json import parse_event
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import SessionMetadata
from protocol.session.reader import SessionReader

__all__ = ["BATCH_SETS", "Contents", "SessionSource"]

BATCH_SETS = 256
"""Frame sets read at once: 20 seconds of play, some megabytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """Contents of a dataset's frame sets, the same for all of its sessions.

    Args:
        buttons: the buttons of the dataset.
        variables: the variables of the dataset.
        goal: the dataset's, and the variables that it needs; None where none was declared.
        memory: its form.
        addresses: of the words of memory, for `WORDS`.
        old_pictures: what becomes of older screenshots that frame sets carry.
    """

    buttons: Buttons
    variables: Variables
    goal: tuple[Goal, Variables] | None
    memory: MemoryForm
    addresses: U32
    old_pictures: OldPictures


class SessionSource:
    """Session in a dataset, read in batches.

    Attributes:
        counts: of the batches read so far.

    Args:
        reader: the session.
        numbers: its frame sets, ascending.
        splits: the split of each, shape (n,).
        names: the names of the session's game.
        contents: what the dataset has of each frame set.
        combinations: the dataset's vocabulary, which this session adds to.
        progress: called with each batch's number of frame sets.
    """

    def __init__(
        self,
        reader: SessionReader,
        numbers: Sequence[int],
        splits: NDArray[np.str_],
        names: Sequence[NamedAddress],
        contents: Contents,
        combinations: Combinations,
        progress: Progress,
    ) -> None:
        self.reader = reader
        self.numbers = numbers
        self.splits = splits
        self._names = {name.name: name for name in names}
        self._contents = contents
        self._combinations = combinations
        self.counts = ExportCounts()
        self._progress = progress

    @property
    def session_id(self) -> str:
        """The session's name."""
        return self.reader.session_id

    @property
    def metadata(self) -> SessionMetadata:
        """The session's metadata."""
        return self.reader.metadata

    @property
    def whole_frames(self) -> int | None:
        """Frames of a complete frame set; None for a log, which lacks frames without a change."""
        return None if self.metadata.is_of_a_log else self.metadata.num_frames_per_set

    @property
    def split_names(self) -> list[str]:
        """The splits that any of its frame sets belongs to."""
        return [str(name) for name in np.unique(self.splits) if name]

    def screenshot_paths(self, columns: SetColumns) -> list[str | None]:
        """Return paths of screenshots below the data folder, with `/`; None without one."""
        folder = self.reader.folder
        paths = [folder.screenshot(item.frame_set_id).relative_to(folder.path).as_posix() for item in columns.sets]
        return [
            f"{self.session_id}/{path}" if origin != NOTHING else None
            for path, origin in zip(paths, columns.pictures.tolist(), strict=True)
        ]

    def batches(self, *, with_png: bool = True, size: int = BATCH_SETS) -> Iterator[Batch]:
        """Read the session.

        Args:
            with_png: whether to read the screenshots as well.
            size: most frame sets in a batch.

        Raises:
            SessionError: a file is damaged or cannot be read.
        """
        before: Batch | None = None
        for batch in self._unfinished(with_png=with_png, size=size):
            if before is not None:
                yield from self._finished(before, batch)
            before = batch
        if before is not None:
            yield from self._finished(before, None)

    def _unfinished(self, *, with_png: bool, size: int) -> Iterator[Batch]:
        """Read the session; the last frame set of a batch does not know yet what follows."""
        cutter = EpisodeCutter(self.metadata, self.reader.events())
        frames = self.metadata.num_frames_per_set
        wanted = self._contents
        placer = FramePlacer(wanted.buttons, frames, of_a_log=self.metadata.is_of_a_log)
        has_memory = wanted.memory is not MemoryForm.NONE
        needs_history = len(wanted.variables) or wanted.goal is not None or has_memory
        history = SessionHistory(self.reader).history if needs_history else None
        walk = MemoryWalk(history, wanted.memory, wanted.addresses) if history is not None and has_memory else None
        variables = self._values(history, wanted.variables)
        judge, judged_by = None, variables
        if wanted.goal is not None:
            judge, judged_by = GoalJudge(wanted.goal[0]), self._values(history, wanted.goal[1])
        del history  # An index is large, and only the walk goes on with it.
        for first in range(0, len(self.numbers), size):
            numbers = self.numbers[first : first + size]
            sets, changes = self._read(numbers, with_png=with_png)
            pictures = [self._picture_from(item, with_png=with_png) for item in sets]
            if wanted.old_pictures is OldPictures.DROP:
                sets, pictures = without_old_pictures(sets, pictures)
            episodes = [cutter.episode_of(item) for item in sets]
            labels = [self.reader.annotations(number) for number in numbers]
            here, span = slice(first, first + size), (first, first + len(numbers))
            judged = judge.judge(judged_by.at(*span), episodes, labels) if judge is not None else unjudged(episodes)
            episodes = judged.episodes
            held = placer.held(sets, episodes)
            combinations = self._combinations.numbers(held)
            yield Batch(
                sets=sets,
                changes=changes,
                labels=labels,
                splits=self.splits[here],
                episodes=np.array(episodes, np.int64),
                variables=variables.at(*span),
                pictures=np.array(pictures, np.int64),
                held=held,
                combinations=combinations,
                next_combinations=followed(combinations, episodes),
                rewards=judged.rewards,
                dones=judged.dones,
                resets=judged.resets,
                memories=[None] * len(sets) if walk is None else walk.memories(numbers, self.splits[here].tolist()),
            )

    def _finished(self, batch: Batch, after: Batch | None) -> Iterator[Batch]:
        """Yield a batch with what followed it."""
        if after is not None and batch.episodes[-1] == after.episodes[0]:
            batch.next_combinations[-1] = after.combinations[0]
        self.counts.add(batch)
        yield batch
        self._progress(len(batch.sets))

    def _picture_from(self, item: FrameSet, *, with_png: bool) -> int:
        has_screenshot = bool(item.png) if with_png else self.reader.has_screenshot(item.frame_set_id)
        return picture_from(item, has_screenshot=has_screenshot)

    def _values(self, history: History | None, variables: Variables) -> VariableValues:
        """Return the variables' values after each frame set, read from the session's index."""
        if history is None or not len(variables):
            return NO_VALUES
        return values_after(history, self.numbers, variables, self._names)

    def _read(self, numbers: Sequence[int], *, with_png: bool) -> tuple[list[FrameSet], ChangeColumns]:
        grids = self.reader.grids
        try:
            laid_out = [split_event(self.reader.event_file(number)) for number in numbers]
            known = [item for item in laid_out if item is not None]
            changes = parse_change_rows(numbers, [rows for _, rows in known]) if len(known) == len(numbers) else None
            if changes is not None:
                pngs = (self.reader.screenshot(number) if with_png else b"" for number in numbers)
                return [
                    parse_event(document, png, grids) for (document, _), png in zip(known, pngs, strict=True)
                ], changes
        except (SessionError, DocumentError):
            pass
        sets = [self.reader.frame_set(number, with_png=with_png) for number in numbers]
        return sets, change_columns(sets)
