"""Episodes: runs of unbroken play, and their frame sets as steps of a player. Pure.

The screenshot of frame set *t* is taken after its last frame. What the player did on seeing it is what was held during
the frames of set *t* + 1; so an episode of n + 1 frame sets has n steps. Frame sets without a screenshot of their own,
or cut short, have no place in one; but a log's are taken with the frames they have.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from daemon.exporting.batch import NOTHING, SetColumns
from daemon.exporting.buttons import Buttons
from daemon.exporting.split import GAP
from protocol.console import GBA
from protocol.errors import ExportError
from protocol.session.events import DISCONTINUITIES, EventRecord, has_jumped
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import SessionMetadata
from protocol.session.screenshots import screenshot_size

__all__ = [
    "Episode",
    "EpisodeCutter",
    "ScreenshotSize",
    "common_frames",
    "episodes",
    "require_episodes",
    "sets_per_second",
]


class EpisodeCutter:
    """Numbering of a session's episodes, one frame set after the other.

    Two frame sets of a recording are of one episode if their numbers and frames follow each other without a gap, both
    are consecutive in themselves, the first was not cut short, and no discontinuity lies between them.

    A log has no row of a frame in which nothing changed, and the original script's frame sets have six frames. There,
    what follows in number is one episode unless the frames go back, or on by more than such frames explain. A frame
    set that is missing as a whole ends an episode in either: steps must be of equal length.

    Args:
        metadata: the session's.
        events: the session's events.
    """

    def __init__(self, metadata: SessionMetadata, events: Iterable[EventRecord] = ()) -> None:
        self._frames_per_set = metadata.num_frames_per_set
        self._is_of_a_log = metadata.is_of_a_log
        self._broken = {event.frame_set_id for event in events if event.name in DISCONTINUITIES}
        self._before: FrameSet | None = None
        self._episode = -1

    def episode_of(self, frame_set: FrameSet) -> int:
        """Return the number of the episode that the next frame set belongs to, from 0."""
        if self._before is None or not self._follows(self._before, frame_set):
            self._episode += 1
        self._before = frame_set
        return self._episode

    def _follows(self, before: FrameSet, after: FrameSet) -> bool:
        if after.frame_set_id != before.frame_set_id + 1:
            return False
        if self._is_of_a_log:
            return after.frame_set_id not in self._broken and not has_jumped(
                (before.frame_set_id, before.frames[-1].frame),
                (after.frame_set_id, after.frames[0].frame),
                self._frames_per_set,
            )
        return (
            after.frames[0].frame == before.frames[-1].frame + 1
            and len(before.frames) >= self._frames_per_set
            and _consecutive(before)
            and _consecutive(after)
            and not (after.frame_set_id in self._broken and len(after.frames) >= self._frames_per_set)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Episode:
    """A run of frame sets that follow each other.

    Args:
        split: its split.
        columns: n + 1 frame sets, n at least 1.
    """

    split: str
    columns: SetColumns

    @property
    def sets(self) -> Sequence[FrameSet]:
        """Its n + 1 frame sets."""
        return self.columns.sets

    @property
    def steps(self) -> int:
        """Number of its steps."""
        return len(self.columns.sets) - 1

    @property
    def seen(self) -> SetColumns:
        """The frame sets that its n steps see: all but the last."""
        return self.columns.taken(np.arange(self.steps))

    def actions(self, buttons: Buttons) -> NDArray[np.bool_]:
        """Return the buttons held at each frame of each step, shape (n, frames, buttons)."""
        return buttons.flags(self.columns.held[1:])


def episodes(batches: Iterable[SetColumns], frames: int | None, longest: int) -> Iterator[Episode]:
    """Put a session's episodes together, one at a time.

    Args:
        batches: the session, with its screenshots.
        frames: of a frame set that was not cut short; None where that is not known, as in a log.
        longest: most frame sets of an episode; what follows begins a new one, with the last frame set of the one
            before.
    """
    run: tuple[str, int] | None = None
    parts: list[SetColumns] = []
    length = 0
    for batch in batches:
        for start, last, here in _runs(batch, frames):
            first = start
            if here != run and length:
                yield from _episode(run, parts)
                parts, length = [], 0
            run = here
            while here is not None and first < last:
                end = min(last, first + longest - length)
                parts.append(batch.taken(np.arange(first, end)))
                length += end - first
                first = end
                if length == longest:
                    yield from _episode(run, parts)
                    parts, length = [batch.taken(np.arange(end - 1, end))], 1
    yield from _episode(run, parts)


def _runs(batch: SetColumns, frames: int | None) -> Iterator[tuple[int, int, tuple[str, int] | None]]:
    """Cut a batch where the split or the episode changes: yield from, to, and both of them."""
    usable = (batch.pictures != NOTHING) & (batch.splits != GAP) & ~batch.resets
    if frames is not None:
        usable &= np.array([len(item.frames) == frames for item in batch.sets], bool)
    places = [
        (split, number) if fits else None
        for split, number, fits in zip(batch.splits.tolist(), batch.episodes.tolist(), usable.tolist(), strict=True)
    ]
    first = 0
    for place, run in groupby(places):
        last = first + len(list(run))
        yield first, last, place
        first = last


def _episode(run: tuple[str, int] | None, parts: Sequence[SetColumns]) -> Iterator[Episode]:
    if run is not None and sum(len(part.sets) for part in parts) > 1:
        yield Episode(run[0], SetColumns.joined(parts))


def require_episodes(counts: Mapping[str, int]) -> list[str]:
    """Refuse a dataset without a single episode.

    Args:
        counts: episodes of each split.

    Returns:
        A sentence about each split that has none.

    Raises:
        ExportError: there is none at all.
    """
    reason = "no two frame sets with screenshots follow each other"
    if not any(counts.values()):
        raise ExportError(f"{reason.capitalize()}: there is nothing to learn from.")
    return [f"There is nothing in {split}: {reason}." for split, count in counts.items() if not count]


def common_frames(sessions: Sequence[SessionMetadata]) -> int:
    """Return how many frames the sets of all sessions have.

    Raises:
        ExportError: they differ.
    """
    sizes = sorted({session.num_frames_per_set for session in sessions})
    if len(sizes) > 1:
        raise ExportError(
            f"These sessions have frame sets of {' and '.join(map(str, sizes))} frames, which do not fit one array: "
            "export them apart."
        )
    return sizes[0]


def sets_per_second(frames: int) -> int:
    """Return how many frame sets of so many frames a second has, as a whole number."""
    return round(GBA.frames_per_second / frames)


class ScreenshotSize:
    """Check that all screenshots are of one size.

    Attributes:
        known: width and height, None before the first screenshot.
    """

    def __init__(self) -> None:
        self.known: list[int] | None = None

    def check(self, episode: Episode, session_id: str) -> list[int]:
        """Look at an episode's screenshots.

        Returns:
            Width and height.

        Raises:
            ExportError: one of them has another size than those before.
            DocumentError: one of them is not a PNG.
        """
        for item in episode.sets:
            size = list(screenshot_size(item.png))
            known = self.known = self.known or size
            if size != known:
                raise ExportError(
                    f"The screenshot of frame set {item.frame_set_id} in {session_id} is {size[0]}x{size[1]} pixels, "
                    f"others are {known[0]}x{known[1]}, and this format needs one size: export the session apart, "
                    "or choose parquet, hf or webdataset."
                )
        return size


def _consecutive(frame_set: FrameSet) -> bool:
    return frame_set.frames[-1].frame - frame_set.frames[0].frame == len(frame_set.frames) - 1
