"""Whether a session can be trusted. Shell: reads, never writes.

Every file is held against its form and its checksum, every picture is unpacked, frames must be in order, and memory is
rebuilt and compared with what the emulator proved.
"""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import zstandard

from daemon.assembler import CUT_SHORT
from daemon.batch.session_reader import SessionReader, frame_set_ids, open_session
from daemon.batch.verify_files import SetFiles, examine_set, read_set
from daemon.batch.verify_memory import MemoryJudge
from daemon.batch.verify_report import Report
from daemon.journals import complete_lines
from daemon.labels.history import parse_entry
from daemon.recording_lock import RecordingLock
from daemon.restoring import DAMAGED, session_regions
from protocol.documents import FrameSet, SessionMetadata
from protocol.errors import DocumentError, LabelError, SessionError
from protocol.integrity import ImageChecksum, ProofRecord, SetChecksum, checksum, parse_checksum_line, parse_proof_line
from protocol.layout import SessionFolder
from protocol.parsing import ORIGINAL_CHUNKS, parse_event_line

__all__ = ["verify_session"]

_READ_AHEAD = 32
"""Frame sets that are read and unpacked ahead, on threads of their own."""

_BREAKS = frozenset({"savestate_loaded", "reset", "rewind", "jump", "rom_changed", "error"})
"""Events after which frame numbers may jump."""

_ANY_NUMBER = re.compile(r"frame set \d+")

T = TypeVar("T")


def verify_session(path: Path, progress: Callable[[int], None] = lambda _more: None) -> Report:
    """Examine a session.

    Args:
        path: its folder.
        progress: told how many more frame sets are done.

    Raises:
        SessionError: there is no such folder, or it can not be read.
    """
    folder = SessionFolder(path.absolute())
    report = Report(folder.path.name)
    numbers = frame_set_ids(folder.path)
    examination = _Examination(folder, numbers, report)
    examination.look_around()
    for files in _read_ahead(folder, numbers):
        examination.frame_set(files)
        progress(1)
    examination.finish()
    return report


class _Examination:
    """One walk through a session."""

    def __init__(self, folder: SessionFolder, numbers: Sequence[int], report: Report) -> None:
        self._folder = folder
        self._numbers = numbers
        self._report = report
        self._reader = self._opened()
        metadata = None if self._reader is None else self._reader.metadata
        self._metadata = metadata
        self._recorded = metadata is None or metadata.resume != ""
        self._ours = metadata is None or "gbatrace_version" in metadata.recorder
        self._grids = ORIGINAL_CHUNKS if self._reader is None else self._reader.grids
        self._sets: dict[int, SetChecksum] = {}
        self._images: dict[int, ImageChecksum] = {}
        self._images_there = {path.name for path in folder.memory.glob("*")}
        self._events = self._journal(folder.events, parse_event_line)
        self._read_checksums()
        self._memory = self._memory_judge()
        self._last: FrameSet | None = None
        self._size: tuple[int, int] | None = None
        self._flawed = 0
        self._breaks = {event.frame_set_id for event in self._events if event.name in _BREAKS}
        self._gaps = [
            range(int(str(event.details["first"])), int(str(event.details["last"])) + 1)
            for event in self._events
            if event.name == "gap" and {"first", "last"} <= event.details.keys()
        ]

    def look_around(self) -> None:
        """Judge what is beside the frame sets."""
        self._journal(self._folder.annotation_history, parse_entry)
        for left in sorted(self._folder.path.iterdir()):
            if left.name.startswith(DAMAGED):
                self._report.flaw(left.name, "was set aside: it could not be read when the session went on")
            elif left.name.startswith(".partial-") or left.name.endswith(".partial"):
                self._report.flaw(left.name, "was left half-written; the next start of gbatrace clears it away")
        if self._metadata is not None and self._metadata.ended_by is None and self._metadata.resume:
            is_live = _is_being_recorded(self._folder)
            self._report.flaw(
                "", "is being recorded just now" if is_live else "was cut off and has not been closed yet"
            )
        for number in sorted(self._images.keys() - set(self._numbers)):
            if number <= max(self._numbers, default=-1):
                self._report.damage(f"memory/{number}.bin.zst", "is of a frame set that is not there", number)

    def frame_set(self, files: SetFiles) -> None:
        """Judge the next frame set."""
        number, report = files.number, self._report
        self._expect(number)
        examined = examine_set(files, self._sets.get(number), self._grids, listable=self._has_checksums)
        for name, reason in examined.damages:
            report.damage(f"{number}/{name}", reason, number)
        if "annotations.json.unreadable" in files.names:
            report.flaw(f"{number}/annotations.json.unreadable", "holds labels that could not be read", number)
        report.frame_sets += 1
        self._judge_size(files)
        frame_set = examined.frame_set
        if frame_set is None:
            self._memory.lose_track()
        else:
            report.changes += sum(len(scan.addresses) for scan in frame_set.changes)
            report.flaws.update(_ANY_NUMBER.sub("an earlier frame set", flaw) for flaw in frame_set.flaws)
            self._flawed += not frame_set.whole
            self._judge_order(frame_set)
            listed = self._sets.get(number)
            self._memory.frame_set(frame_set, () if listed is None else listed.sighted)
            if any(name == "event.json" for name, _ in examined.damages):
                self._memory.lose_track()
            self._last = frame_set
        self._judge_image(number)

    def finish(self) -> None:
        """Judge what only the whole tells."""
        self._memory.finish()
        last = self._numbers[-1] if self._numbers else -1
        for number in sorted(self._sets.keys() - set(self._numbers)):
            open_end = self._metadata is not None and self._metadata.ended_by is None
            if number > last and not open_end:
                self._report.damage(str(number), "is in the list of checksums and not there", number)
        if self._metadata is not None and self._metadata.ended_by is not None:
            self._judge_counts(self._metadata)

    def _opened(self) -> SessionReader | None:
        try:
            return open_session(self._folder.path)
        except SessionError as error:
            if self._folder.metadata.is_file():
                self._report.damage("session_metadata.json", str(error).partition(" is damaged: ")[2].rstrip("."))
            else:
                self._report.damage("session_metadata.json", "is missing")
            return None

    def _read_checksums(self) -> None:
        self._has_checksums = self._folder.checksums.is_file()
        if self._ours and self._numbers and not self._has_checksums:
            self._report.damage("checksums.jsonl", "is missing")
        for line in self._journal(self._folder.checksums, parse_checksum_line):
            match line:
                case SetChecksum():
                    self._sets[line.frame_set_id] = line
                case ImageChecksum():
                    self._images[line.frame_set_id] = line

    def _memory_judge(self) -> MemoryJudge:
        proofs: defaultdict[int, list[ProofRecord]] = defaultdict(list)
        for proof in self._journal(self._folder.proofs, parse_proof_line):
            proofs[proof.frame_set_id].append(proof)
        try:
            regions = () if self._metadata is None else session_regions(self._metadata)
        except DocumentError:
            regions = ()
        return MemoryJudge(regions, proofs, self._report)

    def _journal(self, path: Path, parse: Callable[[bytes], T]) -> list[T]:
        parsed = []
        for at, line in enumerate(complete_lines(path), 1):
            try:
                parsed.append(parse(line))
            except (DocumentError, LabelError) as error:
                self._report.damage(path.name, f"has a line {at} that can not be understood: {error}")
        if path.is_file() and not path.read_bytes().endswith(b"\n") and path.stat().st_size:
            self._report.flaw(path.name, "ends in the middle of a line")
        return parsed

    def _expect(self, number: int) -> None:
        """Judge the frame sets that should be before this one."""
        first = 0 if self._last is None else self._last.frame_set_id + 1
        for missing in range(max(first, self._expected_next), number):
            if any(missing in gap for gap in self._gaps):
                self._report.flaw(str(missing), "was lost: the script no longer held it", missing)
            elif self._recorded or missing in self._sets:
                self._report.damage(str(missing), "is missing", missing)
                self._memory.lose_track()
        self._expected_next = number + 1

    _expected_next = 0

    def _judge_size(self, files: SetFiles) -> None:
        if files.size is None:
            return
        self._report.pictures += 1
        if self._size is None:
            self._size = files.size
        elif files.size != self._size:
            (width, height), (usual_width, usual_height) = files.size, self._size
            reason = f"has {width}x{height} pixels, the pictures before it {usual_width}x{usual_height}"
            self._report.damage(f"{files.number}/{files.number}.png", reason, files.number)

    def _judge_order(self, frame_set: FrameSet) -> None:
        number, frames = frame_set.frame_set_id, [frame.frame for frame in frame_set.frames]
        file = f"{number}/event.json"
        if self._metadata is not None and self._ours and frame_set.whole:
            wanted = self._metadata.num_frames_per_set
            if len(frames) != wanted or frames[-1] - frames[0] != wanted - 1:
                self._report.damage(file, f"calls itself whole with the frames {frames}", number)
        last = self._last
        if last is None or last.frame_set_id + 1 != number or not self._ours:
            return
        before = last.frames[-1].frame
        if frames[0] != before + 1 and not self._is_explained(last, frame_set):
            self._report.damage(
                file, f"begins at frame {frames[0]}, after frame {before}: nothing explains that", number
            )

    def _is_explained(self, last: FrameSet, frame_set: FrameSet) -> bool:
        return any(flaw.startswith(CUT_SHORT) for flaw in last.flaws) or any(
            number in self._breaks for number in (last.frame_set_id, frame_set.frame_set_id)
        )

    def _judge_image(self, number: int) -> None:
        path = self._folder.memory_image(number)
        file = f"memory/{path.name}"
        listed = self._images.get(number)
        if path.name not in self._images_there:
            if listed is not None:
                self._report.damage(file, "is missing", number)
            return
        data = path.read_bytes()
        if listed is None and self._has_checksums:
            self._report.damage(file, "is not in the list of checksums", number)
        elif listed is not None and checksum(data) != listed.memory:
            self._report.damage(file, "is not as it was stored: its checksum is another", number)
            return
        try:
            image = zstandard.decompress(data)
        except zstandard.ZstdError:
            self._report.damage(file, "can not be unpacked", number)
        else:
            self._memory.image(number, file, image)

    def _judge_counts(self, metadata: SessionMetadata) -> None:
        first, last = (self._numbers[0], self._numbers[-1]) if self._numbers else (None, None)
        there = len(self._numbers), first, last
        told = metadata.total_frame_sets, metadata.first_set, metadata.last_set
        if told != there:
            reason = f"tells of {told[0]} frame sets from {told[1]} to {told[2]}, there are {there[0]}"
            self._report.damage("session_metadata.json", f"{reason} from {there[1]} to {there[2]}")
        elif self._ours and metadata.lost.flawed != self._flawed:
            reason = f"tells of {metadata.lost.flawed} flawed frame sets, there are {self._flawed}"
            self._report.damage("session_metadata.json", reason)


def _read_ahead(folder: SessionFolder, numbers: Sequence[int]) -> Iterator[SetFiles]:
    """Read frame sets in order, some ahead, on several threads: hashing and unpacking do not need Python's lock."""
    with ThreadPoolExecutor(thread_name_prefix="verify") as pool:
        waiting: deque[Future[SetFiles]] = deque()
        for number in numbers:
            waiting.append(pool.submit(read_set, folder, number))
            if len(waiting) > _READ_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _is_being_recorded(folder: SessionFolder) -> bool:
    if not folder.lock.exists():
        return False
    lock = RecordingLock.take(folder.lock)
    if lock is not None:
        lock.release()
    return lock is None
