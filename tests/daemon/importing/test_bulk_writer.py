"""Frame sets to disk: the same bytes as the daemon's own writer."""

from pathlib import Path

import pytest

from daemon.importing.bulk_writer import ChecksumJournal, copy_image, write_set
from daemon.recording.session_writer import SessionWriter
from protocol.disk import complete_lines
from protocol.errors import StoreError
from protocol.session.annotations import Annotations, annotations_json
from protocol.session.hash_chain import HashChain, unchained
from protocol.session.layout import SessionFolder
from tests.daemon.importing.made import frame_set, metadata, scan

LABELS = Annotations(context="battle")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_files_are_those_of_the_daemon(tmp_path: Path) -> None:
    one, other = SessionFolder(tmp_path / "one"), SessionFolder(tmp_path / "other")
    writer = SessionWriter(one)
    one.path.mkdir()
    writer.write_metadata(metadata("one", [0, 1]))
    writer.write_frame_set(frame_set(0, [scan("iwram", 0, [0x0300_0000])]), LABELS, (("iwram", 0),))
    writer.write_frame_set(frame_set(1, flaws=("it is odd",)))
    writer.write_memory(1, b"memory")
    other.path.mkdir()
    with ChecksumJournal(other) as checksums:
        changed = frame_set(0, [scan("iwram", 0, [0x0300_0000])])
        checksums.add(write_set(other, changed, annotations_json(LABELS), (("iwram", 0),)))
        checksums.add(write_set(other, frame_set(1, flaws=("it is odd",))))
        checksums.add(copy_image(other, 1, one.memory_image(1)))
    one.metadata.unlink()
    assert files(other.path) == files(one.path)


def test_checksums_are_complete_however_many_there_are(tmp_path: Path) -> None:
    with ChecksumJournal(SessionFolder(tmp_path)) as checksums:
        for number in range(600):
            checksums.add(b'{"n":%d}\n' % number)
    lines, chain = complete_lines(tmp_path / "checksums.jsonl"), HashChain()
    assert [unchained(line) for line in lines] == [b'{"n":%d}' % number for number in range(600)]
    assert [line for line in lines if not chain.follow(line)] == []


def test_what_a_helper_that_died_left_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "event.json").write_text("x" * 9999)
    write_set(SessionFolder(tmp_path), frame_set(0))
    assert b"x" not in (tmp_path / "0" / "event.json").read_bytes()


def test_a_refusal_is_told(tmp_path: Path) -> None:
    (tmp_path / "0").write_bytes(b"")
    with pytest.raises(StoreError):
        write_set(SessionFolder(tmp_path), frame_set(0))
