"""Records of one session, written without the writer's process."""

from pathlib import Path

import zstandard

from daemon.recording.session_jobs import append_proof, write_set
from daemon.recording.session_writer import SessionWriter
from protocol.session.annotations import Annotations
from protocol.session.events import EventRecord
from protocol.session.integrity import ProofRecord, SetChecksum, checksum, parse_checksum_line
from protocol.session.layout import SessionFolder
from protocol.session.reader import open_session
from tests.daemon.importing.made import frame_set, metadata, scan
from tests.daemon.writer.test_change_log import assert_as_folders


def test_everything_of_a_session_can_be_written_and_read_again(tmp_path: Path) -> None:
    folder = SessionFolder(tmp_path / "run")
    writer = SessionWriter(folder)
    writer.open(metadata("run", []))
    first = frame_set(0, [scan("iwram", 0, [0x0300_0000])])
    writer.perform(write_set("run", first, Annotations(context="battle"), (("iwram", 0),)))
    writer.write_frame_set(frame_set(1))
    writer.append_event(EventRecord(1, "mark", 0))
    writer.perform(append_proof("run", ProofRecord(0, 4, "iwram", 0, "AB" * 32)))
    writer.write_memory(0, b"memory")
    writer.write_metadata(metadata("run", [0, 1]))
    writer.close()
    assert_as_folders(folder)

    reader = open_session(folder.path)
    assert reader.frame_set_ids() == [0, 1]
    assert reader.frame_set(0).change_counts() == {"iwram": 1}
    assert reader.annotations(0) == Annotations(context="battle")
    lines = [parse_checksum_line(line) for line in folder.checksums.read_bytes().splitlines()]
    event, png, labels = (path(0).read_bytes() for path in (folder.event, folder.screenshot, folder.annotations))
    assert lines[0] == SetChecksum(0, checksum(event), checksum(png), (), (("iwram", 0),), checksum(labels))
    assert zstandard.decompress(folder.memory_image(0).read_bytes()) == b"memory"
    assert len(folder.proofs.read_bytes().splitlines()) == len(folder.events.read_bytes().splitlines()) == 1
