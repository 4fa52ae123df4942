"""Windows of frame sets as examples for language models. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from protocol.session.annotations import Annotations
from protocol.session.change_rows import ChangeColumns
from protocol.session.frame_set import FrameSet, hex_words

__all__ = ["Step", "WindowMaker", "step_of"]


@dataclass(frozen=True, slots=True)
class Step:
    """Frame set as it stands in a window.

    Args:
        frame_set_id: its number.
        inputs: its inputs, as JSON values or written already.
        labels: its labels, None where it was never labelled.
    """

    frame_set_id: int
    inputs: Any
    labels: Annotations | None


def step_of(
    frame_set: FrameSet,
    changes: ChangeColumns,
    rows: slice,
    labels: Annotations | None,
    max_changes: int,
    variables: Mapping[str, float | None],
    shared: Mapping[str, Any] = MappingProxyType({}),
) -> Step:
    """Shorten a frame set to the buttons and the most telling changes.

    Args:
        frame_set: the frame set.
        changes: columns in which its changes stand.
        rows: where.
        labels: its labels.
        max_changes: most changes that are kept. Those of the rarest addresses stay: a word that changes at every
            frame is a timer, one that seldom does is news.
        variables: values of named addresses after it, by name; empty where there are none.
        shared: its values of the columns that all formats have.
    """
    count = rows.stop - rows.start
    kept = np.sort(np.argsort(changes.freq[rows], kind="stable")[:max_changes]) + rows.start
    words = hex_words(np.stack([changes.address[kept], changes.previous[kept], changes.current[kept]], axis=1).ravel())
    return Step(
        frame_set.frame_set_id,
        {
            "frame_set_id": frame_set.frame_set_id,
            **shared,
            "buttons": [frame.current_keys for frame in frame_set.frames],
            "changes": [words[place : place + 3] for place in range(0, len(words), 3)],
            "changes_left_out": count - len(kept),
            **({"variables": variables} if variables else {}),
        },
        labels,
    )


class WindowMaker:
    """Maker of windows from one run of frame sets.

    Args:
        session_id: the session.
        window: frame sets in a window.
        stride: frame sets from the start of one to the start of the next.
        labelled_only: leave out windows whose last frame set was never labelled.
    """

    def __init__(self, session_id: str, window: int, stride: int, *, labelled_only: bool) -> None:
        self._session_id = session_id
        self._window, self._stride = window, stride
        self._labelled_only = labelled_only
        self._steps: list[Step] = []
        self._skip = 0

    def add(self, steps: Sequence[Step]) -> Iterator[dict[str, Any]]:
        """Take more frame sets of the run and yield the windows they complete."""
        for step in steps:
            if self._skip:
                self._skip -= 1
                continue
            self._steps.append(step)
            if len(self._steps) == self._window:
                if step.labels is not None or not self._labelled_only:
                    yield self._example()
                self._skip = max(0, self._stride - self._window)
                del self._steps[: self._stride]

    def restart(self) -> None:
        """Begin a new run."""
        self._steps = []
        self._skip = 0

    def _example(self) -> dict[str, Any]:
        labels = self._steps[-1].labels or Annotations()
        return {
            "session": self._session_id,
            "first_frame_set": self._steps[0].frame_set_id,
            "last_frame_set": self._steps[-1].frame_set_id,
            "inputs": [step.inputs for step in self._steps],
            "outputs": labels.as_map(),
        }
