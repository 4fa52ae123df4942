"""Frame sets as steps of a player: what was seen, then what was done. Pure.

The picture of frame set *t* is taken after its last frame. What the player did on seeing it is what was held during
the frames of set *t* + 1; so an episode of n + 1 frame sets has n steps. Frame sets without a picture, or cut short,
have no place in one; but a log's are taken with the frames they have.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daemon.exporting.batch import Batch
from daemon.exporting.buttons import Buttons
from protocol.session.annotations import Annotations
from protocol.session.frame_set import FrameSet

__all__ = ["Episode", "episodes"]


@dataclass(frozen=True, slots=True, eq=False)
class Episode:
    """A run of frame sets that follow each other.

    Args:
        split: its split.
        sets: n + 1 frame sets, n at least 1.
        labels: of each.
    """

    split: str
    sets: Sequence[FrameSet]
    labels: Sequence[Annotations | None]

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return len(self.sets) - 1

    def actions(self, buttons: Buttons, frames: int) -> NDArray[np.bool_]:
        """Return what was held at each frame of each step, shape (n, frames, buttons)."""
        return buttons.held(self.sets[1:], frames)


def episodes(batches: Iterable[Batch], frames: int | None, longest: int) -> Iterator[Episode]:
    """Put a session's episodes together, one at a time.

    Args:
        batches: the session, with its screenshots.
        frames: of a frame set that was not cut short; None where that cannot be told, as in a log.
        longest: most frame sets of an episode; what follows begins a new one, with the last frame set of the one
            before.
    """
    run: tuple[str, int] | None = None
    sets: list[FrameSet] = []
    labels: list[Annotations | None] = []
    for batch in batches:
        for item, label, split, number in zip(
            batch.sets, batch.labels, batch.splits.tolist(), batch.episodes.tolist(), strict=True
        ):
            usable = bool(split and item.png and frames in (None, len(item.frames)))
            here = (split, number) if usable else None
            if here != run or here is None:
                if run is not None and len(sets) > 1:
                    yield Episode(run[0], sets, labels)
                sets, labels, run = [], [], here
            if here is None:
                continue
            sets.append(item)
            labels.append(label)
            if len(sets) == longest:
                yield Episode(split, sets, labels)
                sets, labels = [item], [label]
    if run is not None and len(sets) > 1:
        yield Episode(run[0], sets, labels)
