"""The log of changes on disk: appended while a session is recorded, cut and completed when it goes on."""

import errno
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from daemon.disk.journals import GrowingFile
from daemon.recording.session_jobs import write_set
from daemon.writer import change_log, log_queue
from daemon.writer.jobs import WriteMemory
from daemon.writer.session_files import SessionFiles
from protocol.session.change_log import BLOCK_SETS, EntryKind, LogBlock, placed_blocks, read_blocks
from protocol.session.change_log_reader import ChangeLogReader
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName
from protocol.session.layout import SessionFolder
from protocol.session.metadata import metadata_json
from protocol.session.reader import open_session
from protocol.session.seals import parse_seal
from tests.daemon.importing.made import REGIONS, frame_set, metadata, scan
from tests.protocol.session.test_change_log import columns

IMAGE = bytes(sum(region.size for region in REGIONS))
FACTS = metadata(
    "evening", [], recorder={"regions": [region.as_map() for region in REGIONS]}, ended=None, ended_by=None
)
METADATA = metadata_json(FACTS)


def played(number: int) -> FrameSet:
    return frame_set(number, [scan("iwram", 5 * number, [0x0300_0010, 0x0300_0020], current=number + 1)])


class Writer:
    """The files of a session, as the writer's process has them."""

    def __init__(self, folder: SessionFolder) -> None:
        self.folder = folder
        self.files = SessionFiles(folder)
        self.files.open(METADATA)
        self.idle()

    def idle(self) -> None:
        """Work on the log as long as there is something to do."""
        while self.files.is_log_due:
            self.files.work_on_log()

    def store(self, numbers: Sequence[int], rebaselined: tuple[ChunkName, ...] = ()) -> None:
        for number in numbers:
            self.files.perform(write_set("evening", played(number), None, rebaselined))

    def image(self, number: int) -> None:
        self.files.perform(WriteMemory("evening", number, IMAGE))

    def end(self) -> None:
        self.files.write_metadata(METADATA, seals=True)
        self.files.close()

    def die(self) -> None:
        """Leave everything as it is, as a process that is killed does."""
        lock, self.files._lock = self.files._lock, None
        assert lock is not None
        lock.release()


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path / "evening")


@pytest.fixture
def writer(folder: SessionFolder) -> Writer:
    return Writer(folder)


def logged(folder: SessionFolder) -> list[LogBlock]:
    return list(read_blocks(folder.change_log.read_bytes())) if folder.change_log.exists() else []


def numbers_of(blocks: Sequence[LogBlock]) -> list[int]:
    return [number for block in blocks for number in block.numbers.tolist()]


def assert_as_folders(folder: SessionFolder) -> None:
    """The log has all frame sets, set by set what their folders come to."""
    there = records(logged(folder))
    assert there == records(list(ChangeLogReader(open_session(folder.path)).folder_blocks()))
    assert len(there) == len(open_session(folder.path).frame_set_ids())


def records(blocks: Sequence[LogBlock]) -> list[tuple[int, int, list[object]]]:
    """Number, check and entries of each set, however they are cut into blocks."""
    found = []
    for block in blocks:
        whole, at = columns(block), 0
        for place, count in enumerate(whole["entry_counts"]):
            parts: list[object] = [
                whole[f"entry_{name}"][at : at + count] for name in ("frames", "words", "values", "kinds")
            ]
            found.append((whole["numbers"][place], whole["checks"][place], parts))
            at += count
    return found


def test_a_block_is_written_when_the_set_behind_it_is_there(writer: Writer, folder: SessionFolder) -> None:
    writer.store(range(BLOCK_SETS))
    writer.idle()
    assert logged(folder) == []
    writer.store(range(BLOCK_SETS, 2 * BLOCK_SETS))
    writer.idle()
    assert numbers_of(logged(folder)) == list(range(BLOCK_SETS))


def test_the_end_writes_what_waits_and_seals_it(writer: Writer, folder: SessionFolder) -> None:
    writer.store([0])
    writer.image(0)
    writer.store(range(1, BLOCK_SETS + 5))
    writer.end()
    assert_as_folders(folder)
    *_, last = placed_blocks(folder.change_log.read_bytes())
    seal = parse_seal(folder.metadata.read_bytes())
    assert seal is not None
    assert seal.change_log == last.checksum.hex()


def test_a_session_without_frame_sets_has_no_log(writer: Writer, folder: SessionFolder) -> None:
    writer.end()
    assert not folder.change_log.exists()
    seal = parse_seal(folder.metadata.read_bytes())
    assert seal is not None
    assert seal.change_log == ""


def test_a_session_that_goes_on_has_its_log_go_on(writer: Writer, folder: SessionFolder) -> None:
    writer.store([0])
    writer.image(0)
    writer.store([1, 2])
    writer.end()
    again = Writer(folder)
    again.store([3], (("iwram", 0),))
    again.image(3)
    again.store([4])
    again.end()
    assert_as_folders(folder)


@pytest.mark.parametrize("kept", [0, 1, 30, 100, -1])
def test_the_end_that_a_kill_cut_off_is_cut_and_completed(writer: Writer, folder: SessionFolder, kept: int) -> None:
    writer.store(range(2 * BLOCK_SETS + 1))
    writer.idle()
    writer.die()
    first = next(placed_blocks(folder.change_log.read_bytes())).end
    os.truncate(folder.change_log, first + kept if kept >= 0 else first - 1)
    again = Writer(folder)
    again.store([2 * BLOCK_SETS + 1])
    again.end()
    assert_as_folders(folder)


def test_garbage_in_the_place_of_the_log_is_cut_off(writer: Writer, folder: SessionFolder) -> None:
    folder.change_log.write_bytes(b"garbage")
    writer.store(range(3))
    writer.end()
    again = Writer(folder)
    again.store([3])
    again.end()
    assert_as_folders(folder)


def test_sets_that_are_gone_after_a_crash_are_logged_as_they_are_stored_again(
    writer: Writer, folder: SessionFolder
) -> None:
    writer.store(range(3))
    writer.end()
    shutil.rmtree(folder.frame_set(2))
    again = Writer(folder)
    again.files.perform(write_set("evening", frame_set(2, [scan("ewram", 10, [0x0200_0000], current=9)])))
    again.store([3])
    again.end()
    assert_as_folders(folder)


def test_a_set_that_a_killed_writer_stored_is_read_from_its_folder(writer: Writer, folder: SessionFolder) -> None:
    writer.store([0, 1])
    writer.die()
    again = SessionFiles(folder)
    again.claim()
    again.perform(write_set("evening", played(1)), again=True)
    again.perform(write_set("evening", played(2)))
    again.write_metadata(METADATA, seals=True)
    again.close()
    assert_as_folders(folder)


def test_an_old_session_gets_its_log_when_it_goes_on(writer: Writer, folder: SessionFolder) -> None:
    writer.store(range(BLOCK_SETS + 60))
    writer.die()
    again = Writer(folder)
    assert numbers_of(logged(folder)) == list(range(BLOCK_SETS))
    again.end()
    assert_as_folders(folder)


def test_the_end_of_a_session_does_not_wait_for_a_log_that_lacks_many_sets(
    writer: Writer, folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_log, "_IS_BEHIND", 50)
    writer.store(range(100))
    writer.die()
    again = SessionFiles(folder)
    again.open(METADATA)
    again.write_metadata(METADATA, seals=True)
    again.close()
    assert logged(folder) == []
    other = Writer(folder)
    other.end()
    assert_as_folders(folder)


class FullDisk:
    """A disk that has no room for the log."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full = True
        append = GrowingFile.append

        def refuse(file: GrowingFile, data: bytes) -> None:
            if self.is_full and data.startswith(b"gbtl"):
                raise OSError(errno.ENOSPC, "No space left on device")
            append(file, data)

        monkeypatch.setattr(GrowingFile, "append", refuse)


def test_where_the_log_cannot_be_written_recording_goes_on_and_it_is_completed(
    writer: Writer, folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(monkeypatch)
    writer.store(range(3 * BLOCK_SETS))
    writer.idle()
    assert logged(folder) == []
    disk.is_full = False
    writer.store(range(3 * BLOCK_SETS, 4 * BLOCK_SETS))
    writer.idle()
    writer.end()
    assert_as_folders(folder)


def test_a_log_that_cannot_be_written_at_the_end_leaves_the_session_sealed(
    writer: Writer, folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    FullDisk(monkeypatch)
    writer.store(range(3))
    writer.end()
    assert logged(folder) == []
    seal = parse_seal(folder.metadata.read_bytes())
    assert seal is not None
    assert seal.change_log == ""


def test_what_waits_while_there_is_no_time_has_an_end(
    writer: Writer, folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_queue, "MOST_WAITING", 20)
    writer.store(range(50))
    assert len(writer.files._log._waiting) <= 20
    writer.end()
    assert_as_folders(folder)


def test_a_set_whose_image_is_being_written_is_not_logged_without_it(writer: Writer, folder: SessionFolder) -> None:
    writer.store([0])
    writer.image(0)
    writer.store([1], (("iwram", 0),))
    writer.die()
    again = Writer(folder)
    again.image(1)
    again.store([2])
    again.end()
    assert EntryKind.UNKNOWN not in logged(folder)[0].entry_kinds
    assert_as_folders(folder)


def test_a_link_in_the_place_of_the_log_is_left_alone(folder: SessionFolder, tmp_path: Path) -> None:
    folder.path.mkdir()
    other = tmp_path / "other"
    other.write_bytes(b"precious")
    try:
        folder.change_log.symlink_to(other)
    except OSError:
        pytest.skip("no links here")
    writer = Writer(folder)
    writer.store(range(3))
    writer.end()
    assert other.read_bytes() == b"precious"
