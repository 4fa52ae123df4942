"""Process with a game of its own in the stand-in's core, to be played frame by frame. Shell."""

import contextlib
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from daemon.processes.child import child_options
from protocol.errors import CoreError
from protocol.packing import pack, unpack

__all__ = ["ConsoleProcess", "Played"]

_LENGTH = struct.Struct("<I")

_STARTING = 60.0
"""Seconds in which a core must have come to life, on a busy machine."""

_ANSWERING = 60.0
"""Seconds in which a command must have been carried out: the frames of the longest take half a second."""

_LONGEST = 600
"""Frames of a command at most, so that a core that stands still is noticed."""

Origin = Literal["power_on", "here"] | bytes
"""A place to play from: the console switched on, where it is, or a savestate."""


@dataclass(frozen=True, slots=True)
class Played:
    """Outcome of a play.

    Args:
        images: memory after each frame that was asked for.
        states: savestates, likewise.
    """

    images: tuple[bytes, ...]
    states: tuple[bytes, ...]


class ConsoleProcess:
    """A game in a core and a process of its own.

    It shares nothing with the game that anybody plays.

    It ends with `close`, and by itself when this process does.

    Args:
        rom: the game file.
        core: a libretro mGBA core; one is looked for if not given.
        regions: bus address and size of the memories of an image, one after the other.

    Attributes:
        name: the core's, for people.
        rom_hash: SHA-1 of the game file, upper-case hex.

    Raises:
        CoreError: no core works here, it crashed or stood still; or the game is not one.
    """

    def __init__(self, rom: Path, core: Path | None, regions: Sequence[tuple[int, int]]) -> None:
        self._regions = [list(region) for region in regions]
        command = [sys.executable, "-m", "lua.headless.console_server", "--rom", str(rom)]
        if core is not None:
            command += ["--core", str(core)]
        self._process = subprocess.Popen(  # noqa: S603 - the command is ours
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **child_options()
        )
        try:
            about = self._receive(_STARTING)
        except BaseException:
            self.close()
            raise
        self.name = str(about["name"])
        self.rom_hash = str(about["rom_hash"])

    def __enter__(self) -> "ConsoleProcess":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def play(
        self,
        origin: Origin,
        pressed: Sequence[int],
        *,
        images: Sequence[int] = (),
        states: Sequence[int] = (),
        writes: Sequence[tuple[int, bytes]] = (),
    ) -> Played:
        """Play some frames.

        Args:
            origin: where it begins.
            pressed: the buttons held in each frame, bit sets in the order of `GBA.buttons`.
            images: numbers of frames after which memory is wanted, 0 for before the first, ascending.
            states: numbers of frames after which a savestate is wanted, likewise.
            writes: bus addresses and what is written there before the first frame.

        Raises:
            CoreError: the core crashed, stood still, or does not take the savestate.
        """
        found_images: list[bytes] = []
        found_states: list[bytes] = []
        for first in range(0, max(1, len(pressed)), _LONGEST):
            last = first + _LONGEST
            # The end of a piece is the beginning of the next one: what is wanted there is given once.
            least = -1 if first == 0 else first
            answer = self._ask(
                {
                    "origin": origin if first == 0 else "here",
                    "writes": [list(write) for write in writes] if first == 0 else [],
                    "pressed": list(pressed[first:last]),
                    "images": [count - first for count in images if least < count <= last],
                    "states": [count - first for count in states if least < count <= last],
                    "regions": self._regions,
                }
            )
            found_images += answer["images"]
            found_states += answer["states"]
        return Played(tuple(found_images), tuple(found_states))

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._process.kill()
        with self._process:
            pass

    def _ask(self, command: Mapping[str, Any]) -> Any:
        data = pack(command)
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        with contextlib.suppress(OSError):  # A dead one is noticed by what does not come.
            self._process.stdin.write(_LENGTH.pack(len(data)) + data)
            self._process.stdin.flush()
        return self._receive(_ANSWERING)

    def _receive(self, patience: float) -> Any:
        """Wait for an answer; a core that does not give it is killed."""
        late = threading.Event()

        def kill() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(patience, kill)
        timer.start()
        try:
            answer = self._read()
        finally:
            timer.cancel()
        if answer is None:
            code = self._process.wait()
            if late.is_set():
                raise CoreError(f"The core stood still for {patience:.0f} seconds and was stopped: try another core.")
            raise CoreError(f"The core crashed (exit code {code}): try another moment, or another core with --core.")
        if "error" in answer:
            raise CoreError(str(answer["error"]))
        return answer

    def _read(self) -> Any:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        head = self._process.stdout.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack(head)
        data = self._process.stdout.read(length)
        return unpack(data) if len(data) == length else None
