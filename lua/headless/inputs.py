"""Sources of button presses: none, a recorded file, a random player, or two in turn."""

from bisect import bisect_right
from pathlib import Path
from random import Random
from typing import Protocol

from protocol.console import GBA
from protocol.errors import InputFileError
from protocol.recorded_inputs import RecordedInputs, parse_inputs

__all__ = ["Inputs", "NoInputs", "RandomInputs", "SequentialInputs", "read_inputs"]


class Inputs(Protocol):
    """Source of button presses: a function of the frame, the same after a savestate."""

    def pressed(self, frame: int) -> int:
        """Return the buttons held during a frame, counted from 0: a bit set like `GBA.buttons`."""
        ...


class NoInputs:
    """Source without presses."""

    def pressed(self, frame: int) -> int:  # noqa: ARG002 - the same for every frame
        """Return no buttons."""
        return 0


class SequentialInputs:
    """Recorded presses, and another source after their last change.

    Args:
        first: the source up to its last change.
        second: the source from there on, as if that were frame 0.
    """

    def __init__(self, first: RecordedInputs, second: Inputs) -> None:
        self._first = first
        self._second = second

    def pressed(self, frame: int) -> int:
        """Return the buttons of that frame's source."""
        taken_over = frame - self._first.last_frame
        return self._first.pressed(frame) if taken_over < 0 else self._second.pressed(taken_over)


def read_inputs(path: Path) -> RecordedInputs:
    """Read an input file.

    Raises:
        InputFileError: the file cannot be read, or has a line that is none.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else "it is not a text file"
        raise InputFileError(path, 0, f"the input file cannot be read, {reason}") from error
    return parse_inputs(text, path)


# How the random player behaves: how likely each thing is that it does next, and for how many frames it does it.
# A title screen is passed with Start or A, dialogue with A, and an overworld is only explored by walking for a while.
_HABITS: tuple[tuple[float, tuple[str, ...], tuple[int, int]], ...] = (
    (0.42, ("Up", "Down", "Left", "Right"), (8, 48)),
    (0.26, ("A",), (2, 8)),
    (0.12, ("None",), (4, 40)),
    (0.08, ("A+Up", "A+Down", "A+Left", "A+Right"), (4, 16)),
    (0.06, ("B",), (2, 8)),
    (0.03, ("Start",), (2, 6)),
    (0.02, ("L", "R"), (2, 8)),
    (0.01, ("Select",), (2, 6)),
)
_PAUSE = (1, 6)
"""Frames of nothing between two things: games see a press only where there was a release."""


class RandomInputs:
    """Random player, always the same for the same seed.

    Args:
        seed: any number.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - play, not secrets
        self._starts = [0]
        self._held = [0]
        self._end = 0

    def pressed(self, frame: int) -> int:
        """Return the buttons that the player holds during a frame."""
        while self._end <= frame:
            self._play_on()
        return self._held[bisect_right(self._starts, frame) - 1]

    def _play_on(self) -> None:
        weights = [weight for weight, _, _ in _HABITS]
        _, choices, (shortest, longest) = self._random.choices(_HABITS, weights)[0]
        self._hold(GBA.parse_combination(self._random.choice(choices)), self._random.randint(shortest, longest))
        self._hold(0, self._random.randint(*_PAUSE))

    def _hold(self, pressed: int, frames: int) -> None:
        self._starts.append(self._end)
        self._held.append(pressed)
        self._end += frames
