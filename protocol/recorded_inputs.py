"""Recorded inputs: the buttons held from each frame on.

An input file has one line per change, `<frame> <combination>`: from this frame on, exactly these console buttons are
held. `#` starts a comment. Frames ascend. Before the first line nothing is pressed. ::

    # walk to the shop
    120 Right
    180 A+Right
    184 None

Where frames are counted from their beginning, presses are shorter: `Right*60 A+Right*4 None*30`.
"""

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from protocol.console import GBA
from protocol.errors import InputFileError, SettingsError

__all__ = ["MAX_PRESSED", "RecordedInputs", "parse_inputs", "parse_presses"]

MAX_PRESSED = 1_000_000
"""Frames of `parse_presses` at most: more than four hours."""


class RecordedInputs:
    """Button presses by frame, as an input file holds them.

    Args:
        changes: (frame, bit set) pairs with ascending frames.
    """

    def __init__(self, changes: list[tuple[int, int]]) -> None:
        self._frames = [frame for frame, _ in changes]
        self._held = [0, *(pressed for _, pressed in changes)]

    @property
    def last_frame(self) -> int:
        """The frame of the last change; 0 without any."""
        return self._frames[-1] if self._frames else 0

    def changes(self) -> Iterator[tuple[int, str]]:
        """Yield each change: the frame from which on a combination is held, and the combination."""
        yield from zip(self._frames, map(GBA.combination, self._held[1:]), strict=True)

    def pressed(self, frame: int) -> int:
        """Return the buttons held at a frame, a bit set: those of the last change up to it."""
        return self._held[bisect_right(self._frames, frame)]


def parse_inputs(text: str, path: Path) -> RecordedInputs:
    """Read the text of an input file.

    Args:
        text: the file's content.
        path: where it came from, for error messages.

    Raises:
        InputFileError: a line is not `<frame> <combination>`, or frames do not ascend.
    """
    changes: list[tuple[int, int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.partition("#")[0].split()
        if not fields:
            continue
        if len(fields) != 2 or not (fields[0].isascii() and fields[0].isdigit()):
            raise InputFileError(path, number, "a line is a frame number and a combination, such as `120 A+Right`")
        frame = int(fields[0])
        if changes and frame <= changes[-1][0]:
            raise InputFileError(path, number, f"frame {frame} does not come after frame {changes[-1][0]}")
        try:
            changes.append((frame, GBA.parse_combination(fields[1])))
        except ValueError as error:
            raise InputFileError(path, number, str(error)) from None
    return RecordedInputs(changes)


def parse_presses(text: str) -> list[int]:
    """Read presses: combinations, each with `*` for how many frames it is held.

    Args:
        text: such as `Right*60 A+Right*4 None*30 B`.

    Returns:
        The buttons held in each frame, bit sets in the order of `GBA.buttons`.

    Raises:
        SettingsError: a part cannot be read, or there are none, or more than `MAX_PRESSED` frames.
    """
    held: list[int] = []
    for part in text.split():
        combination, times, count = part.partition("*")
        if times and not (count.isascii() and count.isdigit() and len(count) < 10 and int(count)):
            raise SettingsError(f"{part[:60]!r} is not a press: write Right, or Right*30 for thirty frames.")
        try:
            pressed = GBA.parse_combination(combination)
        except ValueError as error:
            raise SettingsError(f"A press cannot be read: {error}.") from None
        if len(held) + int(count or 1) > MAX_PRESSED:
            raise SettingsError(f"The presses take more than {MAX_PRESSED:,} frames.")
        held += [pressed] * int(count or 1)
    if not held:
        raise SettingsError("There is nothing to press: write for example Right*30 A*2.")
    return held
