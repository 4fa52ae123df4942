"""Recorded inputs: the buttons held from each frame on.

An input file has one line per change, `<frame> <combination>`: from this frame on, exactly these console buttons are
held. `#` starts a comment. Frames ascend. Before the first line nothing is pressed. ::

    # walk to the shop
    120 Right
    180 A+Right
    184 None
"""

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from protocol.console import GBA
from protocol.errors import InputFileError

__all__ = ["RecordedInputs", "parse_inputs"]


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
