"""Assembly of frame sets from the messages of the link. Pure.

`Assembler.receive` takes one message at a time and returns what it completed. What can be odd about a set has a name:

* *late*: the daemon has the set already, it is dropped and acknowledged again;
* *gap*: the script no longer holds sets that the daemon never got;
* *interrupted*: a discontinuity cut the set short;
* *flawed*: stored, but not whole, for the reasons that the set lists.

What cannot happen on a sound connection (a frame out of its place, changes before their keyframe) raises instead.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from daemon.recording.recent_past import FREQ_WINDOW, MAX_COUNTED, FrequencyWindow, KeyHistory
from protocol.changes import U32, Words, unpack_changes
from protocol.errors import MessageError, SequenceError
from protocol.link.connection import Screenshot
from protocol.link.messages import Frame, Hello, Keyframe, Proof, SetEnd
from protocol.regions import WORD_BYTES, scheduled_chunks
from protocol.session.flaws import (
    MIRROR_DIFFERED,
    NO_SCREENSHOT,
    UNDRAWN,
    borrowed_flaw,
    borrowed_from,
    cut_short,
    resized,
)
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.integrity import ChunkName, ProofRecord
from protocol.session.memory import Memory
from protocol.session.screenshots import screenshot_problem, screenshot_size

__all__ = [
    "MAX_SET_CHANGES",
    "ORDERLY_STOP",
    "Assembled",
    "Assembler",
    "AssemblerInput",
    "Gap",
    "LateSet",
    "MirrorDiffers",
]

MAX_SET_CHANGES = 1 << 21
"""Changes of one set: more than all 73,728 words of a GBA's work RAM at each of 28 frames."""

_TOO_LOW = "its change counts may be too low: more changed than is counted"

ORDERLY_STOP = "stop"
"""The interruption of the set during which a recording was ended in order: it lacks nothing that anybody wanted."""

AssemblerInput = Keyframe | Frame | SetEnd | Proof | Screenshot
"""Messages of the link that make up frame sets."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Frame sets `first` to `last`, which will never come."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LateSet:
    """A set that came although it is stored already."""

    frame_set_id: int


@dataclass(frozen=True, slots=True)
class MirrorDiffers:
    """A proof that does not agree with the mirror of its chunk."""

    region: str
    chunk: int


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """The changes of one chunk at one frame, before their history is counted."""

    region: int
    chunk: int
    words: Words
    previous: U32
    current: U32


Assembled = FrameSet | Gap | LateSet | MirrorDiffers
"""Complete frame set, or an irregularity in the order of the messages."""


class Assembler:
    """Assembler of one session's frame sets, over as many connections as it takes.

    Args:
        hello: the session's greeting.
        next_set: the first frame set to come.

    Attributes:
        rebaselined: chunks that were seen for the first time or anew in the set that was finished last: their memory is
            not, or not known to be, that of the sets before, and no change explains it.
    """

    def __init__(self, hello: Hello, next_set: int = 0) -> None:
        self._regions = hello.regions
        self._mode = hello.scan_mode
        self._size = hello.frames_per_set
        self._memory = Memory(hello.regions)
        self._windows = [FrequencyWindow(region.words) for region in hello.regions]
        self._counts_lack: int | None = None
        self._keys = KeyHistory(hello.buttons)
        self._last_frame: int | None = None
        self._last_png = (0, b"")
        self._awaits_screenshot = self._undrawn = False
        self.rebaselined: tuple[ChunkName, ...] = ()
        self._rebaselined_in: dict[int, set[tuple[int, int]]] = {}
        self._fresh: set[tuple[int, int]] = set()
        """Chunks whose keyframe came after the last frame."""
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
                if self._memory.keyframe(message.region, message.chunk, message.words):
                    self._rebaseline((message.region, message.chunk))
                self._fresh.add((message.region, message.chunk))
            case Frame():
                if message.set > self._next_set:
                    yield Gap(self._next_set, message.set - 1)
                    self._skip_to(message.set)
                self._fresh.clear()
                self._frame(message)
            case SetEnd():
                self._fresh.clear()
                yield from self._set_end(message)
            case Screenshot():
                if self._awaits_screenshot:
                    yield self._finish(message.png)
            case Proof():
                known = self._memory.sha256(message.region, message.chunk)
                if known == message.sha256:
                    self._memory.trust(message.region, message.chunk)
                elif known is not None:
                    self._memory.doubt(message.region, message.chunk)
                    self._flaw(MIRROR_DIFFERED)
                    yield MirrorDiffers(self._regions[message.region].name, message.chunk)

    def disconnected(self) -> FrameSet | None:
        """Forget the set in progress: the script still holds it and sends it again.

        Returns:
            A set that only waited for its screenshot; the script will find it stored.
        """
        if self._awaits_screenshot:
            return self._finish(b"")
        self._drop_progress()
        self._start_set(self._next_set)
        return None

    def go_back(self, refused: Sequence[tuple[FrameSet, Sequence[ChunkName]]]) -> None:
        """Go back to before frame sets that could not be stored; the script sends them again.

        You must call `recall` next.

        Args:
            refused: the last sets that were finished, ascending, at least one, each with what was rebaselined in it.
        """
        self._drop_progress()
        indices = {region.name: index for index, region in enumerate(self._regions)}
        for frame_set, rebaselined in reversed(refused):
            for scan in reversed(frame_set.changes):
                index = indices[scan.region]
                self._memory.undo(index, self._words(index, scan), scan.previous)
            for name, chunk in rebaselined:
                self._memory.forget(indices[name], chunk)
            self._rebaselined_in[frame_set.frame_set_id] = {(indices[name], chunk) for name, chunk in rebaselined}
        self._awaits_screenshot = False
        self._start_set(refused[0][0].frame_set_id)

    def recall(self, recent: Sequence[FrameSet]) -> None:
        """Go on after stored frame sets: what changed and was pressed in them counts.

        Args:
            recent: the last stored sets, ascending; those of the last `FREQ_WINDOW` frames are enough.
        """
        self._forget_counts()
        self._last_frame = None
        self._last_png = (0, b"")
        indices = {region.name: index for index, region in enumerate(self._regions)}
        for frame_set in recent:
            for frame in frame_set.frames:
                self._advance_to(frame.frame)
                for scan in frame_set.changes:
                    if scan.frame == frame.frame:
                        index = indices[scan.region]
                        self._windows[index].count(scan.frame, self._words(index, scan))
        self._keys.recall(recent[-1].frames[-1].key_history if recent else ())
        if recent and recent[-1].png:
            last = recent[-1]
            origins = [origin for flaw in last.flaws if (origin := borrowed_from(flaw)) is not None]
            self._last_png = (origins[0] if origins else last.frame_set_id, last.png)

    def load_memory(self, memory: Memory) -> None:
        """Take over memory that was rebuilt from what is stored."""
        self._memory = memory

    def proof(self, message: Proof) -> ProofRecord | None:
        """Return a proof with the moment that it belongs to; None before the first frame."""
        number, frame = self._next_set, self._frames[-1].frame if self._frames else None
        if frame is None:
            number, frame = number - 1, self._last_frame
        if frame is None:
            return None
        return ProofRecord(number, frame, self._regions[message.region].name, message.chunk, message.sha256)

    def memory_image(self) -> bytes | None:
        """Return all regions in a row as last scanned; None while any chunk is unseen or doubted."""
        return self._memory.image()

    def words_at(self, addresses: Iterable[int]) -> dict[int, bytes]:
        """Return the aligned words at bus addresses as they are now, as far as they are known."""
        return {address: word for address in addresses if (word := self._memory.word_at(address)) is not None}

    def _start_set(self, number: int) -> None:
        self._next_set = number
        self._frames: list[Frame] = []
        self._scans: list[list[_Scan]] = []
        self._flaws: list[str] = []
        self._interruption = ""
        self._set_changes = 0

    def _skip_to(self, number: int) -> None:
        """Leave a set that will never be complete. Memory stays as it was sent, and is doubted."""
        self._rebaseline(*((scan.region, scan.chunk) for scans in self._scans for scan in scans))
        self._rebaselined_in[number] = self._rebaselined_in.pop(self._next_set, set())
        self._memory.doubt_all(but=self._fresh)
        self._start_set(number)

    def _drop_progress(self) -> None:
        """Take back what is known of the set in progress, as far as the script will send it again."""
        self._fresh.clear()
        for scans in reversed(self._scans):
            for scan in scans:
                self._memory.undo(scan.region, scan.words, scan.previous)
        for where in self._rebaselined_in.get(self._next_set, ()):
            self._memory.forget(*where)

    def _rebaseline(self, *where: tuple[int, int]) -> None:
        self._rebaselined_in.setdefault(self._next_set, set()).update(where)

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
        self._set_changes += sum(len(changes.current) // WORD_BYTES for changes in message.changes)
        if self._set_changes > MAX_SET_CHANGES:
            raise MessageError(f"set {message.set} has more than {MAX_SET_CHANGES:,} changes")
        scans: list[_Scan] = []
        self._frames.append(message)
        self._scans.append(scans)
        scheduled = tuple(scheduled_chunks(self._mode, message.position, self._size))
        named: set[tuple[int, int]] = set()
        for changes in message.changes:
            where = (changes.region, changes.chunk)
            if changes.chunk not in scheduled:
                raise SequenceError(f"chunk {changes.chunk} is not scanned at position {message.position} of a set")
            if where in named:
                raise SequenceError(f"a frame names chunk {changes.chunk} of region {changes.region} twice")
            named.add(where)
            words, current, sent = unpack_changes(changes, self._memory.chunk(*where))
            if sent is not None and not self._memory.confirms(*where, words, sent):
                self._rebaseline(where)
                self._memory.doubt(*where)
            scans.append(_Scan(*where, words, self._memory.change(*where, words, current, sent), current))
        scans.sort(key=lambda scan: (scan.region, scan.chunk))

    def _set_end(self, message: SetEnd) -> Iterator[Assembled]:
        if message.set < self._next_set:
            yield LateSet(message.set)
            return
        if message.set != self._next_set or not self._frames:
            raise MessageError(f"set {message.set} ended where set {self._next_set} has {len(self._frames)} frames")
        self._interruption = message.interruption
        self._undrawn = message.undrawn
        if message.interruption:
            if message.interruption != ORDERLY_STOP:
                self._flaw(cut_short(message.interruption))
        elif len(self._frames) < self._size:
            self._flaw(f"it has {len(self._frames)} of {self._size} frames")
        if message.screenshot:
            self._awaits_screenshot = True
        else:
            yield self._finish(message.png)

    def _finish(self, png: bytes) -> FrameSet:
        problem = screenshot_problem(png) if png else NO_SCREENSHOT
        if problem == NO_SCREENSHOT and self._interruption == ORDERLY_STOP:
            pass  # No screenshot is taken of a set during which the recording ends.
        elif problem:
            self._flaw(problem)
            origin, png = self._last_png
            if png:
                self._flaw(borrowed_flaw(origin))
        else:
            if self._undrawn:
                self._flaw(UNDRAWN)
            self._judge_size(png)
            self._last_png = (self._next_set, png)
        frames, changes = self._frame_records(), self._changes()
        finished = FrameSet(self._next_set, frames, changes, tuple(self._flaws), png, self._interruption)
        rebaselined = sorted(self._rebaselined_in.pop(self._next_set, ()))
        self.rebaselined = tuple((self._regions[region].name, chunk) for region, chunk in rebaselined)
        self._awaits_screenshot = False
        self._start_set(self._next_set + 1)
        return finished

    def _judge_size(self, png: bytes) -> None:
        """Flag a change of the screenshot's size: a scaled window, a core that switches modes."""
        _, before = self._last_png
        if before and screenshot_size(png) != screenshot_size(before):
            self._flaw(resized(screenshot_size(png), screenshot_size(before)))

    # History is counted when a set is finished, so that a set which is sent again after a lost connection counts once.

    def _frame_records(self) -> tuple[FrameRecord, ...]:
        return tuple(
            FrameRecord(frame.frame, frame.time, frame.pc, *self._keys.press(frame.buttons)) for frame in self._frames
        )

    def _changes(self) -> tuple[ScanChanges, ...]:
        changes: list[ScanChanges] = []
        for frame, scans in zip(self._frames, self._scans, strict=True):
            self._advance_to(frame.frame)
            changes += [self._counted(frame.frame, scan) for scan in scans]
            if self._counts_lack is not None and self._counts_lack > frame.frame - FREQ_WINDOW:
                self._flaw(_TOO_LOW)
            self._bound_counts()
        return tuple(changes)

    def _advance_to(self, frame: int) -> None:
        if self._last_frame is not None and frame != self._last_frame + 1:
            self._forget_counts()
        self._last_frame = frame

    def _bound_counts(self) -> None:
        """Forget the oldest of more than `MAX_COUNTED` changes; `_counts_lack` is their frame."""
        while sum(window.kept for window in self._windows) > MAX_COUNTED:
            kept = [(window.oldest, window) for window in self._windows if window.oldest is not None]
            self._counts_lack, window = min(kept, key=lambda pair: pair[0])
            window.forget_oldest()

    def _forget_counts(self) -> None:
        self._counts_lack = None
        for window in self._windows:
            window.clear()

    def _words(self, region: int, scan: ScanChanges) -> Words:
        return (scan.addresses.astype(np.int64) - self._regions[region].base) // WORD_BYTES

    def _counted(self, frame: int, scan: _Scan) -> ScanChanges:
        region = self._regions[scan.region]
        return ScanChanges(
            region=region.name,
            chunk=scan.chunk,
            frame=frame,
            addresses=(scan.words * WORD_BYTES + region.base).astype(np.uint32),
            previous=scan.previous,
            current=scan.current,
            freq=self._windows[scan.region].count(frame, scan.words),
        )
