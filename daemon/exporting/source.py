"""Reader of one session in batches, so that memory stays flat. Shell: reads, never writes."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.session_history import SessionHistory
from daemon.exporting.batch import Batch
from daemon.exporting.buttons import Buttons
from daemon.exporting.episodes import EpisodeCutter
from daemon.exporting.manifest import ExportCounts
from daemon.exporting.variables import F64, Variables, values_after
from daemon.names.named_address import NamedAddress
from daemon.progress import Progress
from protocol.errors import DocumentError, SessionError
from protocol.session.change_rows import ChangeColumns, change_columns, parse_change_rows
from protocol.session.event_document import split_event
from protocol.session.event_json import parse_event
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import SessionMetadata
from protocol.session.reader import SessionReader

__all__ = ["BATCH_SETS", "SessionSource"]

BATCH_SETS = 256
"""Frame sets read at once: 20 seconds of play, some megabytes."""


class SessionSource:
    """Session in a dataset, read in batches.

    Attributes:
        counts: of the batches read so far.

    Args:
        reader: the session.
        numbers: its frame sets, ascending.
        splits: the split of each, shape (n,).
        buttons: the buttons of the dataset.
        variables: the variables of the dataset.
        names: the names of the session's game.
        progress: called with each batch's number of frame sets.
    """

    def __init__(
        self,
        reader: SessionReader,
        numbers: Sequence[int],
        splits: NDArray[np.str_],
        buttons: Buttons,
        variables: Variables,
        names: Sequence[NamedAddress],
        progress: Progress,
    ) -> None:
        self.reader = reader
        self.numbers = numbers
        self.splits = splits
        self.buttons = buttons
        self.variables = variables
        self._names = {name.name: name for name in names}
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

    def screenshot_path(self, number: int) -> str:
        """Return the path of a frame set's screenshot below the data folder, with `/`."""
        folder = self.reader.folder
        return f"{self.session_id}/{folder.screenshot(number).relative_to(folder.path).as_posix()}"

    def batches(self, *, with_png: bool = True, size: int = BATCH_SETS) -> Iterator[Batch]:
        """Read the session.

        Args:
            with_png: whether to read the screenshots as well.
            size: most frame sets in a batch.

        Raises:
            SessionError: a file is damaged or cannot be read.
        """
        cutter = EpisodeCutter(self.metadata, self.reader.events())
        variables = self._values()
        for first in range(0, len(self.numbers), size):
            numbers = self.numbers[first : first + size]
            sets, changes = self._read(numbers, with_png=with_png)
            batch = Batch(
                sets=sets,
                changes=changes,
                labels=[self.reader.annotations(number) for number in numbers],
                splits=self.splits[first : first + size],
                episodes=np.array([cutter.episode_of(item) for item in sets], np.int64),
                variables=variables[first : first + size],
            )
            self.counts.add(batch)
            yield batch
            self._progress(len(numbers))

    def _values(self) -> F64:
        """Return the variables' values after each frame set, read from the session's index."""
        if not len(self.variables):
            return np.empty((len(self.numbers), 0))
        history = SessionHistory(self.reader).history
        return values_after(history, self.numbers, self.variables, self._names)

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
