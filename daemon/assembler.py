"""Messages of the link become frame sets. Pure.

`Assembler.receive` takes one message at a time and returns what it completed. What can be odd about a set has a name:

* *late*: the daemon has the set already, it is dropped and acknowledged again;
* *gap*: the script no longer holds sets that the daemon never got;
* *interrupted*: a discontinuity cut the set short;
* *flawed*: stored, but not whole, and the set says why.

What can not happen on a sound connection (a frame out of its place, changes before their keyframe) raises instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daemon.history import FrequencyWindow, KeyHistory
from daemon.mirror import Mirror
from daemon.screenshots import screenshot_problem
from protocol.changes import U32, unpack_changes
from protocol.documents import FrameRecord, FrameSet, ScanChanges
from protocol.errors import MessageError, SequenceError
from protocol.link import Screenshot
from protocol.messages import Frame, Hello, Keyframe, Proof, SetEnd
from protocol.regions import WORD_BYTES, scheduled_chunks

__all__ = ["NO_SCREENSHOT", "Assembled", "Assembler", "AssemblerInput", "Gap", "LateSet", "MirrorDiffers"]

NO_SCREENSHOT = "it has no screenshot of its own"
"""The flaw of a set whose screenshot never came."""

AssemblerInput = Keyframe | Frame | SetEnd | Proof | Screenshot
"""What the assembler takes."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Frame sets `first` to `last` will never come."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LateSet:
    """A set came that is already stored."""

    frame_set_id: int


@dataclass(frozen=True, slots=True)
class MirrorDiffers:
    """A chunk's proof does not agree with the mirror."""

    region: str
    chunk: int


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """The changes of one chunk at one frame, before their history is counted."""

    region: int
    chunk: int
    words: U32
    previous: U32
    current: U32


Assembled = FrameSet | Gap | LateSet | MirrorDiffers
"""What the assembler returns."""


class Assembler:
    """Assembles the frame sets of one session, over as many connections as it takes.

    Args:
        hello: the session's greeting.
        next_set: the first frame set to come.
    """

    def __init__(self, hello: Hello, next_set: int = 0) -> None:
        self._regions = hello.regions
        self._mode = hello.scan_mode
        self._size = hello.frames_per_set
        self._mirror = Mirror(hello.regions)
        self._windows = [FrequencyWindow(region.words) for region in hello.regions]
        self._keys = KeyHistory(hello.buttons)
        self._last_frame: int | None = None
        self._last_png = (0, b"")
        self._awaits_screenshot = False
        self._start_set(next_set)

    @property
    def next_set(self) -> int:
        """The set that is being assembled or comes next."""
        return self._next_set

    def receive(self, message: AssemblerInput) -> Iterator[Assembled]:
        """Take one message and yield what it completes, in order.

        Raises:
            PeerError: the message has no place here; the set in progress is lost, what was yielded is good.
        """
        if self._awaits_screenshot and not isinstance(message, Screenshot):
            yield self._finish(b"")
        match message:
            case Keyframe():
                self._mirror.keyframe(message.region, message.chunk, message.words)
            case Frame():
                if message.set > self._next_set:
                    yield Gap(self._next_set, message.set - 1)
                    self._start_set(message.set)
                self._frame(message)
            case SetEnd():
                yield from self._set_end(message)
            case Screenshot():
                if self._awaits_screenshot:
                    yield self._finish(message.png)
            case Proof():
                known = self._mirror.sha256(message.region, message.chunk)
                if known is not None and known != message.sha256:
                    self._flaw("the daemon's copy of memory differed from the emulator's")
                    yield MirrorDiffers(self._regions[message.region].name, message.chunk)

    def disconnected(self) -> FrameSet | None:
        """Forget the set in progress: the script still holds it and sends it again.

        Returns:
            A set that only waited for its screenshot; the script will find it stored.
        """
        if self._awaits_screenshot:
            return self._finish(b"")
        self._start_set(self._next_set)
        return None

    def memory_image(self) -> bytes | None:
        """Return all regions one after the other as last scanned, or None while not all of it was seen."""
        return self._mirror.image()

    def _start_set(self, number: int) -> None:
        self._next_set = number
        self._frames: list[Frame] = []
        self._scans: list[list[_Scan]] = []
        self._flaws: list[str] = []

    def _flaw(self, sentence: str) -> None:
        if sentence not in self._flaws:
            self._flaws.append(sentence)

    def _frame(self, message: Frame) -> None:
        if message.set < self._next_set:
            return
        if message.position != len(self._frames) or message.position >= self._size:
            raise SequenceError(
                f"frame {message.position} of set {message.set} came where frame {len(self._frames)} belongs"
            )
        if self._frames and message.frame != self._frames[-1].frame + 1:
            self._flaw("its frames are not consecutive")
        self._frames.append(message)
        scheduled = set(scheduled_chunks(self._mode, message.position, self._size))
        scans: dict[tuple[int, int], _Scan] = {}
        for changes in message.changes:
            where = (changes.region, changes.chunk)
            if changes.chunk not in scheduled:
                raise SequenceError(f"chunk {changes.chunk} is not scanned at position {message.position} of a set")
            if where in scans:
                raise SequenceError(f"a frame names chunk {changes.chunk} of region {changes.region} twice")
            words, current, sent = unpack_changes(changes, self._mirror.chunk(*where))
            scans[where] = _Scan(*where, words, self._mirror.change(*where, words, current, sent), current)
        self._scans.append([scans[where] for where in sorted(scans)])

    def _set_end(self, message: SetEnd) -> Iterator[Assembled]:
        if message.set < self._next_set:
            yield LateSet(message.set)
            return
        if message.set != self._next_set or not self._frames:
            raise MessageError(f"set {message.set} ended where set {self._next_set} has {len(self._frames)} frames")
        if message.interruption:
            self._flaw(f"it was cut short: {message.interruption}")
        elif len(self._frames) < self._size:
            self._flaw(f"it has {len(self._frames)} of {self._size} frames")
        if message.screenshot:
            self._awaits_screenshot = True
        else:
            yield self._finish(b"")

    def _finish(self, png: bytes) -> FrameSet:
        problem = screenshot_problem(png) if png else NO_SCREENSHOT
        if problem:
            self._flaw(problem)
            origin, png = self._last_png
            if png:
                self._flaw(f"its screenshot is that of frame set {origin}")
        else:
            self._last_png = (self._next_set, png)
        finished = FrameSet(self._next_set, self._frame_records(), self._changes(), tuple(self._flaws), png)
        self._awaits_screenshot = False
        self._start_set(self._next_set + 1)
        return finished

    # History is counted when a set is finished, so that a set which is sent again after a lost connection counts once.

    def _frame_records(self) -> tuple[FrameRecord, ...]:
        return tuple(
            FrameRecord(frame.frame, frame.time, frame.pc, *self._keys.press(frame.buttons)) for frame in self._frames
        )

    def _changes(self) -> tuple[ScanChanges, ...]:
        changes: list[ScanChanges] = []
        for frame, scans in zip(self._frames, self._scans, strict=True):
            if self._last_frame is not None and frame.frame != self._last_frame + 1:
                for window in self._windows:
                    window.clear()
            self._last_frame = frame.frame
            changes += [self._counted(frame.frame, scan) for scan in scans]
        return tuple(changes)

    def _counted(self, frame: int, scan: _Scan) -> ScanChanges:
        region = self._regions[scan.region]
        return ScanChanges(
            region=region.name,
            chunk=scan.chunk,
            frame=frame,
            addresses=scan.words * np.uint32(WORD_BYTES) + np.uint32(region.base),
            previous=scan.previous,
            current=scan.current,
            freq=self._windows[scan.region].count(frame, scan.words),
        )
