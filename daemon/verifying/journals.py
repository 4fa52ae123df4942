"""Journals of a session, examined line by line. Shell: reads, never writes."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from daemon.labels.history import Entry, parse_entry
from daemon.verifying.report import Report
from protocol.disk import read_file, split_lines, without_links
from protocol.errors import DocumentError, LabelError
from protocol.session.events import EventRecord, parse_event_line
from protocol.session.hash_chain import HashChain
from protocol.session.integrity import (
    ImageChecksum,
    ProofRecord,
    SetChecksum,
    listed_sets,
    parse_checksum_line,
    parse_proof_line,
)
from protocol.session.layout import SessionFolder

__all__ = ["Journals", "read_journals"]

T = TypeVar("T")


@dataclass(slots=True)
class Journals:
    """Content of a session's journals.

    Args:
        sets: checksums of frame sets by number; of two lines the later one counts.
        images: checksums of memory images by number.
        proofs: the emulator's proofs of its memory, by frame set.
        events: the session's events.
        labels: the history of labels.
        has_checksums: whether there are checksums at all.
        chains: the hash chain of each journal, by the file's name.
    """

    sets: dict[int, SetChecksum] = field(default_factory=dict)
    images: dict[int, ImageChecksum] = field(default_factory=dict)
    proofs: defaultdict[int, list[ProofRecord]] = field(default_factory=lambda: defaultdict(list))
    events: list[EventRecord] = field(default_factory=list)
    labels: list[Entry] = field(default_factory=list)
    has_checksums: bool = False
    chains: dict[str, HashChain] = field(default_factory=dict)

    @property
    def are_linked(self) -> bool:
        """Return whether any line has a link; sessions of early versions have none."""
        return any(chain.is_linked for chain in self.chains.values())


def read_journals(folder: SessionFolder, report: Report) -> Journals:
    """Read every journal.

    Lines that cannot be understood, or are not linked to the one before, go into the report.

    Raises:
        OSError: a file cannot be read.
    """
    journals = Journals(has_checksums=folder.checksums.is_file())
    chains = journals.chains
    checksums = list(_lines(folder.checksums, parse_checksum_line, chains, report))
    journals.sets = listed_sets(checksums)
    images = {line.frame_set_id: line for line in checksums if isinstance(line, ImageChecksum)}
    journals.images = {number: line for number, line in images.items() if line.memory}
    for proof in _lines(folder.proofs, parse_proof_line, chains, report):
        journals.proofs[proof.frame_set_id].append(proof)
    journals.events.extend(_lines(folder.events, parse_event_line, chains, report))
    journals.labels.extend(_lines(folder.annotation_history, parse_entry, chains, report))
    return journals


def _lines(path: Path, parse: Callable[[bytes], T], chains: dict[str, HashChain], report: Report) -> Iterator[T]:
    chain = chains[path.name] = HashChain()
    try:
        *lines, rest = split_lines(read_file(without_links(path.parent, path)))
    except FileNotFoundError:
        return
    for at, line in enumerate(lines, 1):
        if not chain.follow(line):
            report.damage(path.name, f"has a line {at} that is not as it was written, or not the one that was there")
        try:
            yield parse(line)
        except (DocumentError, LabelError) as error:
            report.damage(path.name, f"has a line {at} that cannot be understood: {error}")
    if rest:
        report.flaw(path.name, "ends in the middle of a line")
