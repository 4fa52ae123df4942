"""Episodes: runs of unbroken play, and their frame sets as steps of a player. Pure.

The screenshot of frame set *t* is taken after its last frame. What the player did on seeing it is what was held during
the frames of set *t* + 1; so an episode of n + 1 frame sets has n steps. Frame sets without a screenshot, or cut short,
have no place in one; but a log's are taken with the frames they have.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daemon.exporting.batch import Batch
from daemon.exporting.buttons import Buttons
from protocol.errors import ExportError
from protocol.session.annotations import Annotations
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
        sets: n + 1 frame sets, n at least 1.
        labels: of each.
        variables: values of the dataset's variables after each, shape (n + 1, k).
    """

    split: str
    sets: Sequence[FrameSet]
    labels: Sequence[Annotations | None]
    variables: NDArray[np.float64]

    @property
    def steps(self) -> int:
        """Number of its steps."""
        return len(self.sets) - 1

    def actions(self, buttons: Buttons, frames: int) -> NDArray[np.bool_]:
        """Return the buttons held at each frame of each step, shape (n, frames, buttons)."""
        return buttons.held(self.sets[1:], frames)


def episodes(batches: Iterable[Batch], frames: int | None, longest: int) -> Iterator[Episode]:
    """Put a session's episodes together, one at a time.

    Args:
        batches: the session, with its screenshots.
        frames: of a frame set that was not cut short; None where that is not known, as in a log.
        longest: most frame sets of an episode; what follows begins a new one, with the last frame set of the one
            before.
    """
    run: tuple[str, int] | None = None
    sets: list[FrameSet] = []
    labels: list[Annotations | None] = []
    values: list[NDArray[np.float64]] = []
    for batch in batches:
        for item, label, row, split, number in zip(
            batch.sets, batch.labels, batch.variables, batch.splits.tolist(), batch.episodes.tolist(), strict=True
        ):
            usable = bool(split and item.png and frames in (None, len(item.frames)))
            here = (split, number) if usable else None
            if here != run or here is None:
                if run is not None and len(sets) > 1:
                    yield Episode(run[0], sets, labels, np.stack(values))
                sets, labels, values, run = [], [], [], here
            if here is None:
                continue
            sets.append(item)
            labels.append(label)
            values.append(row)
            if len(sets) == longest:
                yield Episode(split, sets, labels, np.stack(values))
                sets, labels, values = [item], [label], [row]
    if run is not None and len(sets) > 1:
        yield Episode(run[0], sets, labels, np.stack(values))


def require_episodes(count: int) -> None:
    """Refuse a dataset without a single episode.

    Raises:
        ExportError: there is none.
    """
    if not count:
        raise ExportError("No two frame sets with screenshots follow each other: there is nothing to learn from.")


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
                    f"others are {known[0]}x{known[1]}: this format needs screenshots of one size."
                )
        return size


def _consecutive(frame_set: FrameSet) -> bool:
    return frame_set.frames[-1].frame - frame_set.frames[0].frame == len(frame_set.frames) - 1
