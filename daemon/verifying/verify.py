"""Verification of a session. Shell: reads, never writes.

Every file is held against its form and its checksum, every screenshot is unpacked, frames must be in order, and memory
is rebuilt and compared with what the emulator proved.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from daemon.disk.file_lock import is_held
from daemon.progress import Progress
from daemon.verifying.change_log import ChangeLogJudge
from daemon.verifying.files import SetFiles, examine_set, read_set
from daemon.verifying.journals import read_journals
from daemon.verifying.memory import MemoryJudge
from daemon.verifying.order import OrderJudge
from daemon.verifying.report import Report
from daemon.verifying.seals import LabelJudge, judge_seal
from protocol.disk import read_file, without_links
from protocol.errors import DocumentError, SessionError
from protocol.regions import Region
from protocol.session.compression import unpack_image
from protocol.session.flaws import is_resized, lacks_screenshot
from protocol.session.integrity import checksum
from protocol.session.layout import DAMAGED, UNREADABLE, SessionFolder, is_unfinished
from protocol.session.metadata import (
    ORIGINAL_CHUNKS,
    ORIGINAL_REGIONS,
    SessionMetadata,
    memory_regions,
    session_regions,
)
from protocol.session.origin import parse_origin
from protocol.session.reader import SessionReader
from protocol.session.word_numbers import WordNumbers, left_out_sentence
from protocol.wording import counted, sentence

__all__ = ["READ_AHEAD", "verify_session"]

READ_AHEAD = 32
"""Frame sets that are read and unpacked ahead, on threads of their own."""

_HALF_WRITTEN = "was left half-written; the next start of gbatrace clears it away"
_FOREIGN = "does not belong there: gbatrace did not write it"

_SET_NUMBER = re.compile(r"frame set \d+")


def verify_session(path: Path, progress: Progress = lambda _more: None) -> Report:
    """Examine a session.

    Args:
        path: its folder.
        progress: called with how many more frame sets are done.

    Raises:
        SessionError: there is no such folder, or it cannot be read.
    """
    reader = SessionReader(SessionFolder(path.absolute()))
    report = Report(reader.session_id)
    numbers = reader.frame_set_ids()
    try:
        examination = _Examination(reader, numbers, report)
        for files in _read_ahead(reader.folder, numbers):
            examination.frame_set(files)
            progress(1)
        examination.finish()
    except OSError as error:
        raise SessionError(f"{error.filename or path} cannot be read ({error.strerror or error}).") from error
    return report


class _Examination:
    """One walk through a session, from its first frame set to its last."""

    def __init__(self, reader: SessionReader, numbers: Sequence[int], report: Report) -> None:
        self._folder = folder = reader.folder
        self._numbers = numbers
        self._report = report
        self._metadata = _metadata(reader, report)
        self._grids = ORIGINAL_CHUNKS if self._metadata is None else reader.grids
        self._journals = read_journals(folder, report)
        self._images = reader.memory_images()
        self._order = OrderJudge(self._metadata, self._journals.sets, self._journals.events, report)
        self._memory = MemoryJudge(_regions(self._metadata), self._journals.proofs, report)
        self._labels = LabelJudge(folder, self._journals, report)
        self._seal = judge_seal(folder, self._metadata, self._journals, report)
        self._log = self._log_judge()
        is_of_a_log = self._metadata is not None and self._metadata.is_of_a_log
        self._words = WordNumbers(ORIGINAL_REGIONS) if is_of_a_log else None
        self._left_out = 0
        self._size: tuple[int, int] | None = None
        self._flawed = 0
        self._judge_other_files()

    def frame_set(self, files: SetFiles) -> None:
        """Judge the next frame set."""
        number, report = files.number, self._report
        listed = self._journals.sets.get(number)
        if self._order.expect(number):
            self._memory.invalidate()
        examined = examine_set(files, listed, self._grids, listable=self._journals.has_checksums)
        self._labels.labels(number, files.labels)
        for name, reason in examined.damages:
            report.damage(f"{number}/{name}", reason, number)
        for name, reason in examined.oddities:
            report.flaw(f"{number}/{name}", reason, number)
        if UNREADABLE in files.names:
            report.flaw(f"{number}/{UNREADABLE}", "holds labels that could not be read", number)
        for name in sorted(files.names - _names_of(number)):
            report.flaw(f"{number}/{name}", _FOREIGN, number)
        report.frame_sets += 1
        self._judge_size(files, resized=any(map(is_resized, listed.flaws if listed else ())))
        frame_set = examined.frame_set
        rebaselined = () if listed is None else listed.rebaselined
        if frame_set is not None:
            report.changes += frame_set.change_count
            report.flaws.update(_SET_NUMBER.sub("an earlier frame set", flaw) for flaw in frame_set.flaws)
            self._flawed += not frame_set.whole
            report.lost += lacks_screenshot(frame_set.flaws)
            self._order.frame_set(frame_set)
            self._memory.frame_set(frame_set, rebaselined)
            if self._words is not None:
                self._left_out += self._words.count_left_out(frame_set)
        is_damaged = any(name == "event.json" for name, _ in examined.damages)
        if frame_set is None or is_damaged:
            self._memory.invalidate()
        self._log.frame_set(number, None if is_damaged else frame_set, rebaselined, files.event_checksum)
        self._judge_image(number)

    def finish(self) -> None:
        """Judge what can be seen only at the end."""
        self._memory.finish()
        self._log.finish()
        if self._left_out:
            self._report.notes.append(sentence(left_out_sentence(self._left_out)))
        metadata = self._metadata
        is_open = metadata is not None and metadata.ended_by is None
        last = self._numbers[-1] if self._numbers else -1
        for number in sorted(self._journals.sets.keys() - set(self._numbers)):
            if number > last and not is_open:
                self._report.damage(str(number), "is in the list of checksums and not there", number)
        for number in sorted(self._images.keys() - set(self._numbers)):
            self._report.flaw(self._file(self._images[number]), _FOREIGN)
        if metadata is not None and not is_open:
            self._judge_counts(metadata)
            undelivered = metadata.lost.frame_sets - self._order.lost
            if not metadata.is_of_a_log and undelivered > 0:
                self._report.flaw("", f"lost {counted(undelivered, 'frame set')} played after the last")
                self._report.lost += undelivered
        self._report.lost += self._order.lost

    def _judge_other_files(self) -> None:
        """Judge the files outside the frame sets' folders."""
        report, metadata = self._report, self._metadata
        is_ours = metadata is None or "gbatrace_version" in metadata.recorder
        is_sealed = self._seal is not None and self._seal.checksums != ""  # Then `judge_seal` has reported it.
        if is_ours and self._numbers and not (self._journals.has_checksums or is_sealed):
            report.damage("checksums.jsonl", "is missing")
        origin = None if metadata is None else parse_origin(metadata.recorder)
        if metadata is not None and metadata.ended_by is None and (metadata.resume_sha256 or origin):
            live = is_held(self._folder.lock)
            report.flaw("", "is being recorded just now" if live else "was cut off and has not been closed yet")
        folder = self._folder
        known = {folder.metadata, folder.events, folder.annotation_history, folder.checksums, folder.proofs}
        known |= {folder.change_log}
        known |= {folder.annotation_seal, folder.lock, folder.label_lock, *map(folder.frame_set, self._numbers)}
        others = [folder.rejected_rows.name] if self._seal is None else self._seal.files
        known |= {folder.path / name for name in others}
        if origin is not None and origin.has_savestate:
            known |= {folder.start_state}
        known |= {folder.older_memory, folder.searches, folder.search_lock, *self._images.values()}
        for left in sorted({*folder.path.iterdir(), *folder.older_memory.glob("*")} - known):
            if left.name.startswith(DAMAGED):
                report.flaw(self._file(left), "was set aside: it could not be read when the session went on")
            elif is_unfinished(left.name):
                report.flaw(self._file(left), _HALF_WRITTEN)
            else:
                report.flaw(self._file(left), _FOREIGN)
        if any(folder.staging.glob("*")) and not is_held(folder.lock):
            report.flaw(f"../{folder.staging.name}", _HALF_WRITTEN)

    def _log_judge(self) -> ChangeLogJudge:
        log, metadata = self._folder.change_log, self._metadata
        try:
            data: bytes | None = read_file(without_links(self._folder.path, log))
        except FileNotFoundError:
            data = None
        return ChangeLogJudge(
            log.name,
            data,
            _memory_regions(metadata),
            "" if self._seal is None else self._seal.change_log,
            self._report,
            is_open=metadata is None or metadata.ended_by is None,
            is_ours=metadata is not None
            and ("gbatrace_version" in metadata.recorder or "imported" in metadata.recorder),
        )

    def _judge_size(self, files: SetFiles, *, resized: bool) -> None:
        """Compare a screenshot's size with those before it, unless the set is flagged as resized."""
        if files.size is None:
            return
        self._report.screenshots += 1
        self._size = files.size if resized else self._size or files.size
        if files.size != self._size:
            (width, height), (usual_width, usual_height) = files.size, self._size
            reason = f"has {width}x{height} pixels, the screenshots before it {usual_width}x{usual_height}"
            self._report.damage(f"{files.number}/{files.number}.png", reason, files.number)

    def _judge_image(self, number: int) -> None:
        path = self._images.get(number)
        listed = self._journals.images.get(number)
        if path is None:
            if listed is not None:
                self._report.damage(self._folder.memory_image(number).name, "is missing", number)
                self._log.image(number, None)
            return
        file = self._file(path)
        data = read_file(path)
        if listed is None and self._journals.has_checksums:
            self._report.damage(file, "is not in the list of checksums", number)
        elif listed is not None and checksum(data) != listed.memory:
            self._report.damage(file, "is not as it was stored: its checksum is another", number)
            self._log.image(number, None)
            return
        try:
            image = unpack_image(data)
        except DocumentError as error:
            self._report.damage(file, f"cannot be understood: {error}", number)
            self._log.image(number, None)
        else:
            self._memory.image(number, file, image)
            self._log.image(number, image)

    def _file(self, path: Path) -> str:
        return path.relative_to(self._folder.path).as_posix()

    def _judge_counts(self, metadata: SessionMetadata) -> None:
        first, last = (self._numbers[0], self._numbers[-1]) if self._numbers else (None, None)
        there = len(self._numbers), first, last
        stored = metadata.total_frame_sets, metadata.first_set, metadata.last_set
        if stored != there:
            reason = f"counts {counted(stored[0], 'frame set')} from {stored[1]} to {stored[2]}, there are {there[0]}"
            self._report.damage("session_metadata.json", f"{reason} from {there[1]} to {there[2]}")
        elif "gbatrace_version" in metadata.recorder and metadata.lost.flawed != self._flawed:
            reason = f"counts {metadata.lost.flawed} flawed frame sets, there are {self._flawed}"
            self._report.damage("session_metadata.json", reason)


def _names_of(number: int) -> set[str]:
    """Name the files that a frame set's folder may hold."""
    return {"event.json", f"{number}.png", "annotations.json", UNREADABLE}


def _metadata(reader: SessionReader, report: Report) -> SessionMetadata | None:
    try:
        return reader.metadata
    except SessionError as error:
        damaged = str(error).partition(" is damaged: ")[2].rstrip(".")
        report.damage(reader.folder.metadata.name, f"cannot be understood: {damaged}" if damaged else "is missing")
        return None


def _regions(metadata: SessionMetadata | None) -> Sequence[Region]:
    """Return what was scanned; nothing where the metadata lack it, as after an import."""
    try:
        return () if metadata is None else session_regions(metadata)
    except DocumentError:
        return ()


def _memory_regions(metadata: SessionMetadata | None) -> Sequence[Region]:
    """Return what the log of changes is about; nothing where the metadata are damaged."""
    try:
        return () if metadata is None else memory_regions(metadata)
    except DocumentError:
        return ()


def _read_ahead(folder: SessionFolder, numbers: Sequence[int]) -> Iterator[SetFiles]:
    """Read frame sets in order, some ahead, on threads: hashing and unpacking free the GIL."""
    with ThreadPoolExecutor(thread_name_prefix="verify") as pool:
        waiting: deque[Future[SetFiles]] = deque()
        for number in numbers:
            waiting.append(pool.submit(read_set, folder, number))
            if len(waiting) > READ_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
