"""Files that grow line by line, read with a critical eye."""

from pathlib import Path

import pytest

from daemon.verifying.journals import Journals, read_journals
from daemon.verifying.report import Grade, Report
from protocol.session.events import EventRecord, event_line
from protocol.session.integrity import ImageChecksum, ProofRecord, SetChecksum, checksum_line, proof_line
from protocol.session.layout import SessionFolder

FIRST = SetChecksum(3, "A" * 64, "", (), ())
SECOND = SetChecksum(3, "B" * 64, "C" * 64, (), (("iwram", 0),))
IMAGE = ImageChecksum(3, "D" * 64)
PROOF = ProofRecord(3, 1004, "iwram", 1, "E" * 64)
MARK = EventRecord(1, "mark", 3)


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path)


def read(folder: SessionFolder) -> tuple[Journals, list[tuple[Grade, str]]]:
    report = Report("run")
    journals = read_journals(folder, report)
    return journals, [(finding.grade, str(finding)) for finding in report.findings]


def test_what_they_say_is_kept_by_frame_set(folder: SessionFolder) -> None:
    folder.checksums.write_bytes(checksum_line(SECOND) + checksum_line(IMAGE))
    folder.proofs.write_bytes(proof_line(PROOF))
    folder.events.write_bytes(event_line(MARK))
    journals, found = read(folder)
    assert found == []
    assert (journals.sets, journals.images) == ({3: SECOND}, {3: IMAGE})
    assert (journals.proofs, journals.events) == ({3: [PROOF]}, [MARK])
    assert journals.has_checksums


def test_of_two_lines_the_later_one_counts(folder: SessionFolder) -> None:
    folder.checksums.write_bytes(checksum_line(FIRST) + checksum_line(SECOND))
    assert read(folder)[0].sets == {3: SECOND}


def test_a_session_may_have_none(folder: SessionFolder) -> None:
    journals, found = read(folder)
    assert found == []
    assert not journals.has_checksums


@pytest.mark.parametrize("name", ["checksums", "proofs", "events", "annotation_history"])
def test_a_line_that_cannot_be_understood_is_damage(folder: SessionFolder, name: str) -> None:
    path: Path = getattr(folder, name)
    path.write_bytes(b"[]\n")
    ((grade, told),) = read(folder)[1]
    assert grade is Grade.DAMAGED
    assert told.startswith(f"{path.name} has a line 1 that cannot be understood: ")


@pytest.mark.parametrize("name", ["checksums", "proofs", "events", "annotation_history"])
def test_half_a_line_at_the_end_is_a_flaw(folder: SessionFolder, name: str) -> None:
    path: Path = getattr(folder, name)
    path.write_bytes(b'{"frame_set_id": 3, "ev')
    assert read(folder)[1] == [(Grade.FLAWED, f"{path.name} ends in the middle of a line.")]
