"""Log blocks of a session on disk: from its log, from its folders, and while it is recorded."""

import json
import os
import shutil
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from daemon.recording.session_jobs import write_set
from daemon.recording.session_writer import SessionWriter
from protocol.errors import SessionError
from protocol.session.change_log import BLOCK_SETS, EntryKind, LogBlock, pack_block, set_check
from protocol.session.change_log_builder import LogBuilder
from protocol.session.change_log_reader import ChangeLogReader, logged_blocks
from protocol.session.event_json import event_json
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName, checksum
from protocol.session.layout import session_folder
from protocol.session.metadata import metadata_json
from protocol.session.reader import SessionReader, open_session
from tests.daemon.importing.made import REGIONS, frame_set, metadata, scan
from tests.fakes.original_session import make_converter_session
from tests.protocol.session.test_change_log import columns

WORDS = sum(region.words for region in REGIONS)


def played(number: int) -> FrameSet:
    """A set in which a counter in each region goes up."""
    first = 5 * number
    return frame_set(
        number,
        [
            scan("iwram", first, [0x0300_0010, 0x0300_0020], current=number + 1),
            scan("ewram", first + 1, [0x0200_0000 + 4 * number], chunk=0, current=number),
        ],
    )


def image(value: int) -> bytes:
    return struct.pack("<I", value) * WORDS


class Recording:
    """A session that is being recorded, set by set."""

    def __init__(self, data: Path, regions: bool = True) -> None:
        self.folder = session_folder(data, "evening")
        self._writer = SessionWriter(self.folder)
        recorder = {"regions": [region.as_map() for region in REGIONS]} if regions else {}
        self._writer.open(metadata("evening", [], recorder=recorder, ended=None, ended_by=None))

    def store(self, number: int, rebaselined: tuple[ChunkName, ...] = ()) -> None:
        self._writer.perform(write_set("evening", played(number), None, rebaselined))

    def image(self, number: int, value: int = 0) -> None:
        self._writer.write_memory(number, image(value))

    def write_log(self, blocks: Iterable[LogBlock]) -> None:
        log = b""
        for block in blocks:
            assert not log, "one block is enough here"
            log = pack_block(block)
        self.folder.change_log.write_bytes(log)

    @property
    def reader(self) -> SessionReader:
        return open_session(self.folder.path)


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    return Recording(tmp_path)


def built(numbers: Sequence[int], images: Sequence[int] = (), after: LogBlock | None = None) -> LogBlock:
    """The block that a builder makes of sets as they were played."""
    builder = LogBuilder(REGIONS)
    builder.follow([] if after is None else [after])
    for number in numbers:
        builder.add(played(number), (), set_check(checksum(event_json(played(number)))))
        if number in images:
            builder.image(number, image(0))
    block = builder.take()
    assert block is not None
    return block


def numbers_of(blocks: Iterable[LogBlock]) -> list[int]:
    return [number for block in blocks for number in block.numbers.tolist()]


def test_a_session_without_a_log_gives_the_blocks_that_a_builder_makes(recording: Recording) -> None:
    for number in range(5):
        recording.store(number)
    recording.image(2)
    (block,) = logged_blocks(recording.reader)
    assert columns(block) == columns(built(range(5), [2]))


def test_blocks_made_from_folders_are_no_longer_than_those_of_the_log(recording: Recording) -> None:
    for number in range(BLOCK_SETS + 3):
        recording.store(number)
    assert [len(block.numbers) for block in logged_blocks(recording.reader)] == [BLOCK_SETS, 3]


def test_records_of_the_log_count_without_their_folders_being_read(recording: Recording) -> None:
    for number in range(4):
        recording.store(number)
    recording.write_log([built(range(3))])
    recording.folder.event(1).write_bytes(b"unreadable")
    first, second = logged_blocks(recording.reader)
    assert columns(first) == columns(built(range(3)))
    assert columns(second) == columns(built([3], after=first))


def test_a_set_whose_folder_is_not_there_does_not_count(recording: Recording) -> None:
    for number in range(4):
        recording.store(number)
    recording.write_log([built(range(4))])
    shutil.rmtree(recording.folder.frame_set(1))
    assert numbers_of(logged_blocks(recording.reader)) == [0, 2, 3]


def test_a_set_that_was_stored_again_counts_as_it_is_now(recording: Recording) -> None:
    for number in range(3):
        recording.store(number)
    other = LogBuilder(REGIONS)
    for number in range(3):
        other.add(frame_set(number), (), 7)
    block = other.take()
    assert block is not None
    recording.write_log([block])
    (block,) = logged_blocks(recording.reader)
    assert columns(block) == columns(built(range(3)))


def test_a_set_that_is_not_as_it_was_stored_does_not_count(recording: Recording) -> None:
    for number in range(3):
        recording.store(number)
    path = recording.folder.event(1)
    path.write_bytes(path.read_bytes().replace(b"00000002", b"00000003"))
    assert numbers_of(logged_blocks(recording.reader)) == [0, 2]


def test_a_damaged_log_and_none_are_the_same(recording: Recording) -> None:
    for number in range(3):
        recording.store(number)
    recording.folder.change_log.write_bytes(pack_block(built(range(3)))[:-1])
    (block,) = logged_blocks(recording.reader)
    assert columns(block) == columns(built(range(3)))


def test_a_session_that_is_recorded_is_read_on(recording: Recording) -> None:
    reader = ChangeLogReader(recording.reader)
    assert list(reader.new_blocks()) == []
    for number in range(2):
        recording.store(number)
    assert numbers_of(reader.new_blocks()) == [0, 1]
    assert list(reader.new_blocks()) == []
    recording.store(2)
    recording.store(5)
    assert numbers_of(reader.new_blocks()) == [2]
    assert numbers_of(reader.new_blocks()) == [5]


def test_a_set_whose_image_is_still_to_come_waits_for_it(recording: Recording) -> None:
    reader = ChangeLogReader(recording.reader)
    recording.store(0)
    recording.image(0)
    assert numbers_of(reader.new_blocks()) == [0]
    recording.store(1, (("ewram", 4),))
    assert list(reader.new_blocks()) == []
    recording.image(1, 5)
    (block,) = reader.new_blocks()
    assert EntryKind.UNKNOWN not in block.entry_kinds
    assert (block.entry_words[-WORDS:] == range(WORDS)).all()
    assert (block.entry_values[-WORDS:] == 5).all()


def test_in_a_session_that_has_ended_no_image_is_still_to_come(recording: Recording) -> None:
    recording.store(0, (("ewram", 4),))
    recording.folder.metadata.write_bytes(metadata_json(metadata("evening", [0])))
    assert numbers_of(logged_blocks(recording.reader)) == [0]


def test_a_set_whose_image_never_came_is_read_all_the_same(recording: Recording) -> None:
    recording.store(0, (("ewram", 4),))
    os.utime(recording.folder.event(0), (1e9, 1e9))
    assert numbers_of(logged_blocks(recording.reader)) == [0]


def test_an_image_that_is_not_as_it_was_stored_restates_nothing(recording: Recording) -> None:
    recording.store(0)
    recording.image(0)
    recording.folder.memory_image(0).write_bytes(recording.folder.memory_image(0).read_bytes()[:-1])
    (block,) = logged_blocks(recording.reader)
    assert columns(block) == columns(built([0]))


def test_sessions_of_other_tools_are_read_file_by_file(tmp_path: Path) -> None:
    make_converter_session(tmp_path)
    (block,) = logged_blocks(open_session(tmp_path / "evening"))
    assert block.numbers.tolist() == [0, 1, 2]
    assert block.frames.tolist() == [frame + 6 * number for number in range(3) for frame in (2, 3, 5, 6)]
    assert [block.combinations[key] for key in block.keys[:4]] == ["Start", "Start", "Start", "A+Right"]


def test_a_file_that_is_no_frame_set_is_left_out(tmp_path: Path) -> None:
    make_converter_session(tmp_path)
    path = tmp_path / "evening" / "1" / "event.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "frame_set_id": 7}))
    assert numbers_of(logged_blocks(open_session(tmp_path / "evening"))) == [0, 2]


def test_checksums_that_became_shorter_are_read_anew(recording: Recording) -> None:
    for number in range(3):
        recording.store(number)
    reader = ChangeLogReader(recording.reader)
    assert numbers_of(reader.new_blocks()) == [0, 1, 2]
    os.truncate(recording.folder.checksums, 0)
    recording.store(3)
    assert numbers_of(reader.new_blocks()) == [3]


def test_a_session_that_is_gone_cannot_be_read(recording: Recording) -> None:
    reader = recording.reader
    shutil.rmtree(recording.folder.path)
    with pytest.raises(SessionError):
        list(logged_blocks(reader))
