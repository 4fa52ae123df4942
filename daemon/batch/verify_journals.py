"""The files of a session that grow line by line, examined line by line. Shell: reads, never writes."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from daemon.batch.verify_report import Report
from daemon.disk.journals import complete_lines
from daemon.labels.history import parse_entry
from protocol.documents import EventRecord
from protocol.errors import DocumentError, LabelError
from protocol.integrity import ImageChecksum, ProofRecord, SetChecksum, parse_checksum_line, parse_proof_line
from protocol.layout import SessionFolder
from protocol.parsing import parse_event_line

__all__ = ["Journals", "read_journals"]

T = TypeVar("T")


@dataclass(slots=True)
class Journals:
    """What a session's journals say.

    Args:
        sets: checksums of frame sets by number; of two lines the later one counts.
        images: checksums of memory images by number.
        proofs: what the emulator said of its memory, by frame set.
        events: what happened beside the scan.
        has_checksums: whether there are checksums at all.
    """

    sets: dict[int, SetChecksum] = field(default_factory=dict)
    images: dict[int, ImageChecksum] = field(default_factory=dict)
    proofs: defaultdict[int, list[ProofRecord]] = field(default_factory=lambda: defaultdict(list))
    events: list[EventRecord] = field(default_factory=list)
    has_checksums: bool = False


def read_journals(folder: SessionFolder, report: Report) -> Journals:
    """Read every journal; what can not be understood goes into the report.

    Raises:
        OSError: a file can not be read.
    """
    journals = Journals(has_checksums=folder.checksums.is_file())
    for line in _lines(folder.checksums, parse_checksum_line, report):
        match line:
            case SetChecksum():
                journals.sets[line.frame_set_id] = line
            case ImageChecksum():
                journals.images[line.frame_set_id] = line
    for proof in _lines(folder.proofs, parse_proof_line, report):
        journals.proofs[proof.frame_set_id].append(proof)
    journals.events.extend(_lines(folder.events, parse_event_line, report))
    for _entry in _lines(folder.annotation_history, parse_entry, report):
        pass
    return journals


def _lines(path: Path, parse: Callable[[bytes], T], report: Report) -> Iterator[T]:
    lines = complete_lines(path)
    for at, line in enumerate(lines, 1):
        try:
            yield parse(line)
        except (DocumentError, LabelError) as error:
            report.damage(path.name, f"has a line {at} that can not be understood: {error}")
    if path.is_file() and path.stat().st_size != sum(len(line) + 1 for line in lines):
        report.flaw(path.name, "ends in the middle of a line")
