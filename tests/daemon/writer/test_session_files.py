"""The files of one session: complete or not at all."""

import errno
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zstandard

from daemon.disk import files
from daemon.disk.file_lock import FileLock
from daemon.recording.session_jobs import write_set
from daemon.writer.jobs import Journal, WriteSet
from daemon.writer.session_files import SessionFiles
from protocol.disk import complete_lines
from protocol.errors import DiskFullError, FileHeldError, StoreError
from protocol.session.annotations import Annotations, parse_annotations
from protocol.session.event_json import event_json
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.hash_chain import HashChain, link_of, unchained
from protocol.session.integrity import ImageChecksum, SetChecksum, checksum, parse_checksum_line
from protocol.session.layout import SessionFolder
from protocol.session.metadata import GapCount, SessionMetadata, metadata_json
from protocol.session.seals import check_fits, parse_seal
from tests.fakes.game import NOW
from tests.fakes.holder import hold_open
from tests.fakes.screenshots import png

Write = Callable[[SessionFiles], None]


def metadata(total: int = 0) -> bytes:
    facts = SessionMetadata(
        session_id="run",
        created=NOW,
        total_frame_sets=total,
        num_frames_per_set=5,
        first_set=None,
        last_set=None,
        source_csv="",
        game_config="",
        is_custom_name=False,
        game_name="Tiny",
        resume_sha256="c0ffee",
        ended=None,
        ended_by=None,
        recorder={},
        lost=GapCount(),
    )
    return metadata_json(facts)


def frame_set(number: int = 0, screenshot: bytes = png()) -> FrameSet:
    words = np.arange(1, 4, dtype=np.uint32)
    changes = ScanChanges("iwram", 0, 8, words, words, words, np.ones(3, np.uint16))
    return FrameSet(number, (FrameRecord(8, NOW, 0, "", ("None",)),), (changes,), (), screenshot)


def stored(number: int = 0, screenshot: bytes = png(), labels: Annotations | None = None) -> WriteSet:
    return write_set("run", frame_set(number, screenshot), labels)


MARK, GAP = b'{"name":"mark"}\n', b'{"name":"gap"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    return SessionFolder(tmp_path / "run")


@pytest.fixture
def writer(folder: SessionFolder) -> SessionFiles:
    """A writer that has begun."""
    writer = SessionFiles(folder)
    writer.write_metadata(metadata())
    return writer


def listing(folder: SessionFolder) -> list[str]:
    return sorted(path.relative_to(folder.path).as_posix() for path in folder.path.rglob("*"))


def written(journal: Path) -> list[bytes]:
    """The lines of a journal, which must follow from each other, without their links."""
    lines, chain = complete_lines(journal), HashChain()
    assert [line for line in lines if not chain.follow(line)] == []
    return [unchained(line) + b"\n" for line in lines]


class DiskFull:
    """A disk on which files get as far as `room` bytes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int = 10) -> None:
        written = files.write_all

        def write_all(descriptor: int, data: bytes) -> None:
            written(descriptor, data[:room])
            if len(data) > room:
                raise OSError(errno.ENOSPC, "No space left on device")

        self._monkeypatch = monkeypatch
        monkeypatch.setattr(files, "write_all", write_all)

    def make_room(self) -> None:
        self._monkeypatch.undo()


class TestMetadata:
    def test_the_folder_comes_with_it(self, writer: SessionFiles, folder: SessionFolder) -> None:
        assert listing(folder) == ["session_metadata.json"]

    def test_it_is_written_anew_as_a_whole(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.write_metadata(metadata(total=7))
        assert json.loads(folder.metadata.read_bytes())["total_frame_sets"] == 7

    def test_a_refresh_is_on_disk_before_anything_else_is_written_there(
        self, writer: SessionFiles, folder: SessionFolder
    ) -> None:
        writer.refresh_metadata(metadata(total=8))
        writer.close()
        assert json.loads(folder.metadata.read_bytes())["total_frame_sets"] == 8
        assert listing(folder) == ["session_metadata.json"]

    def test_a_refresh_never_writes_over_what_came_later(self, writer: SessionFiles, folder: SessionFolder) -> None:
        for total in range(20):
            writer.refresh_metadata(metadata(total=total))
            writer.write_metadata(metadata(total=1000 + total))
            assert json.loads(folder.metadata.read_bytes())["total_frame_sets"] == 1000 + total

    def test_a_refresh_that_the_disk_refuses_costs_nothing(
        self, writer: SessionFiles, folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = folder.metadata.read_bytes()
        disk = DiskFull(monkeypatch)
        writer.refresh_metadata(metadata(total=9))
        writer.close()
        disk.make_room()
        assert folder.metadata.read_bytes() == before
        writer.write_frame_set(stored(0))
        assert folder.event(0).is_file()


class TestFrameSets:
    def test_a_set_is_a_folder(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.write_frame_set(stored(12))
        assert listing(folder) == [
            "12",
            "12/12.png",
            "12/event.json",
            "checksums.jsonl",
            "session_metadata.json",
        ]
        assert folder.event(12).read_bytes() == event_json(frame_set(12))
        assert folder.screenshot(12).read_bytes() == png()

    def test_its_checksums_are_those_of_the_files(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.write_frame_set(replace(stored(12), flaws=("it is odd",), rebaselined=(("iwram", 0),)))
        writer.write_frame_set(stored(13, screenshot=b""))
        first, second = map(parse_checksum_line, folder.checksums.read_bytes().splitlines())
        event, screenshot = folder.event(12).read_bytes(), folder.screenshot(12).read_bytes()
        assert first == SetChecksum(12, checksum(event), checksum(screenshot), ("it is odd",), (("iwram", 0),), "")
        assert second == SetChecksum(13, checksum(folder.event(13).read_bytes()), "", (), (), "")

    def test_a_set_without_any_screenshot_has_none(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.write_frame_set(stored(0, screenshot=b""))
        assert [path.name for path in folder.frame_set(0).iterdir()] == ["event.json"]

    def test_labels_that_are_latched_come_with_it(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.write_frame_set(stored(0, labels=Annotations(context="battle")))
        assert parse_annotations(folder.annotations(0).read_bytes()) == Annotations(context="battle")

    def test_nothing_has_the_final_name_before_it_is_complete(
        self, writer: SessionFiles, folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[tuple[bool, list[str], list[str]]] = []
        rename = Path.rename

        def watched(partial: Path, final: Path) -> Path:
            folders = [path.name for path in folder.path.iterdir() if path.is_dir()]
            seen.append((final.exists(), sorted(path.name for path in partial.iterdir()), folders))
            return rename(partial, final)

        monkeypatch.setattr(Path, "rename", watched)
        writer.write_frame_set(stored(3))
        writer.write_frame_set(stored(4))
        assert seen == [(False, ["3.png", "event.json"], []), (False, ["4.png", "event.json"], ["3"])]

    def test_nothing_of_its_writing_stays(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.open(metadata())
        writer.write_frame_set(stored(0))
        writer.close()
        assert [path.name for path in folder.path.parent.iterdir()] == ["run"]

    def test_what_a_crash_left_behind_is_cleared_away(self, writer: SessionFiles, folder: SessionFolder) -> None:
        folder.partial(3).mkdir(parents=True)
        (folder.partial(3) / "event.json").write_bytes(b"half")
        (folder.partial(3) / "odd").write_bytes(b"")
        writer.write_frame_set(stored(3))
        assert sorted(path.name for path in folder.frame_set(3).iterdir()) == ["3.png", "event.json"]
        assert not folder.partial(3).exists()

    def test_a_set_that_is_there_is_not_overwritten(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.write_frame_set(stored(3))
        folder.annotations(3).write_bytes(b"{}")
        with pytest.raises(StoreError):
            writer.write_frame_set(stored(3, screenshot=b""))
        assert sorted(path.name for path in folder.frame_set(3).iterdir()) == [
            "3.png",
            "annotations.json",
            "event.json",
        ]
        assert not folder.partial(3).exists()


class TestTheRest:
    def test_events_are_appended(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.append(Journal.EVENTS, MARK)
        writer.append(Journal.EVENTS, GAP)
        assert written(folder.events) == [MARK, GAP]

    def test_memory_is_compressed(self, writer: SessionFiles, folder: SessionFolder) -> None:
        image = bytes(32768) + b"end"
        writer.write_memory(720, image)
        assert zstandard.decompress(folder.memory_image(720).read_bytes()) == image
        assert listing(folder) == ["checksums.jsonl", "memory_720.bin.zst", "session_metadata.json"]


WRITES: list[Write] = [
    lambda writer: writer.write_metadata(metadata()),
    lambda writer: writer.write_frame_set(stored(1)),
    lambda writer: writer.append(Journal.EVENTS, MARK),
    lambda writer: writer.write_memory(0, bytes(1000)),
]


class TestTheDiskRefuses:
    @pytest.mark.parametrize("room", [0, 10, 300])
    def test_nothing_is_left_of_a_set_that_did_not_fit(
        self, writer: SessionFiles, folder: SessionFolder, monkeypatch: pytest.MonkeyPatch, room: int
    ) -> None:
        DiskFull(monkeypatch, room)
        before = listing(folder)
        with pytest.raises(DiskFullError, match=r"is full: make room\.$"):
            writer.write_frame_set(stored(3, screenshot=png() + bytes(300)))
        assert listing(folder) == before

    @pytest.mark.parametrize("write", WRITES)
    def test_everything_is_refused_until_the_script_has_come_back(
        self, writer: SessionFiles, folder: SessionFolder, monkeypatch: pytest.MonkeyPatch, write: Write
    ) -> None:
        disk = DiskFull(monkeypatch)
        with pytest.raises(DiskFullError):
            writer.write_frame_set(stored(0))
        disk.make_room()
        before = listing(folder)
        with pytest.raises(DiskFullError):
            write(writer)
        assert listing(folder) == before
        writer.open(metadata())
        write(writer)

    def test_a_file_in_the_place_of_the_folder_is_said_to_be(self, tmp_path: Path) -> None:
        (tmp_path / "run").write_bytes(b"in the way")
        with pytest.raises(StoreError, match="run cannot be written"):
            SessionFiles(SessionFolder(tmp_path / "run")).write_metadata(metadata())


class TestSomebodyHoldsAFile:
    """As a virus scanner does on Windows: it is reported, and is no failure."""

    def test_a_set_waits_for_its_name_alone(
        self, writer: SessionFiles, folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as held:
            hold_open(lambda path: ".writing-run/3" in path, 60, held.setattr)
            for again in (False, True, True):
                with pytest.raises(FileHeldError):
                    writer.write_frame_set(stored(3), again=again)
            written = (folder.partial(3) / "event.json").stat().st_mtime_ns
        writer.write_frame_set(stored(3), again=True)
        assert folder.event(3).stat().st_mtime_ns == written
        assert [parse_checksum_line(line).frame_set_id for line in folder.checksums.read_bytes().splitlines()] == [3]

    def test_a_memory_image_waits_and_has_one_checksum(
        self, writer: SessionFiles, folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as held:
            hold_open(lambda path: path.endswith(".zst.partial"), 60, held.setattr)
            with pytest.raises(FileHeldError):
                writer.write_memory(0, bytes(1000))
        writer.write_memory(0, bytes(1000), again=True)
        assert len(folder.checksums.read_bytes().splitlines()) == 1
        assert [path.name for path in folder.path.glob("*.zst*")] == ["memory_0.bin.zst"]


class TestTheFolderIsDeleted:
    """By a person, while it is being recorded."""

    @pytest.mark.parametrize("whole", [False, True], ids=["the session's", "the data folder"])
    def test_it_is_reported_at_once_and_goes_on_in_a_new_one(
        self, writer: SessionFiles, folder: SessionFolder, *, whole: bool
    ) -> None:
        writer.open(metadata())
        writer.write_frame_set(stored(0))
        shutil.rmtree(folder.path.parent if whole else folder.path)
        with pytest.raises(StoreError, match="run was deleted while it was being written"):
            writer.write_frame_set(stored(1))
        writer.open(metadata())
        writer.write_frame_set(stored(1))
        assert FileLock.take(folder.lock) is None
        assert [parse_checksum_line(line).frame_set_id for line in folder.checksums.read_bytes().splitlines()] == [1]
        writer.close()


class TestSeals:
    def test_metadata_are_sealed_when_a_session_has_ended(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.append(Journal.EVENTS, MARK)
        writer.write_frame_set(stored(0, labels=Annotations(context="battle")))
        writer.write_metadata(metadata())
        assert (check_fits(folder.metadata.read_bytes()), parse_seal(folder.metadata.read_bytes())) == (True, None)
        writer.write_metadata(metadata(), seals=True)
        seal = parse_seal(folder.metadata.read_bytes())
        assert seal is not None
        links = [link_of(complete_lines(path)[-1]) for path in (folder.events, folder.checksums)]
        assert [seal.events, seal.checksums, seal.proofs] == [*links, ""]

    def test_a_session_that_goes_on_links_its_lines_to_those_before(self, folder: SessionFolder) -> None:
        for line in (MARK, GAP):
            files = SessionFiles(folder)
            files.open(metadata())
            files.append(Journal.EVENTS, line)
            files.write_metadata(metadata(), seals=True)
            files.close()
        assert written(folder.events) == [MARK, GAP]

    def test_lines_of_an_early_version_are_counted_in(self, writer: SessionFiles, folder: SessionFolder) -> None:
        folder.events.write_bytes(MARK)
        writer.append(Journal.EVENTS, GAP)
        assert written(folder.events) == [MARK, GAP]
        folder.events.write_bytes(folder.events.read_bytes().replace(b"mark", b"park"))
        chain = HashChain()
        assert [chain.follow(line) for line in complete_lines(folder.events)] == [True, False]


class TestAWriterThatWasKilled:
    """Another one takes its place, and is asked again for what was not reported."""

    def test_what_it_left_is_put_in_order(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.append(Journal.EVENTS, MARK)
        with folder.events.open("ab") as events:
            events.write(GAP[:5])
        folder.partial(3).mkdir(parents=True)
        (folder.path / ".room.partial").write_bytes(b"room")
        folder.older_memory.mkdir()
        (folder.older_memory / "0.bin.zst.partial").write_bytes(b"half")
        again = SessionFiles(folder)
        again.claim()
        assert written(folder.events) == [MARK]
        assert listing(folder) == [".recording", "events.jsonl", "memory", "session_metadata.json"]
        assert FileLock.take(folder.lock) is None
        again.close()

    def test_an_image_that_was_listed_and_never_written_is_withdrawn(
        self, writer: SessionFiles, folder: SessionFolder
    ) -> None:
        writer.write_memory(0, bytes(64))
        writer.write_memory(720, bytes(64))
        folder.memory_image(720).unlink()
        again = SessionFiles(folder)
        again.claim()
        again.close()
        last = parse_checksum_line(complete_lines(folder.checksums)[-1])
        assert last == ImageChecksum(720, "")
        assert len(written(folder.checksums)) == 3

    def test_a_set_that_it_stored_is_not_stored_twice(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.write_frame_set(stored(3))
        lines = folder.checksums.read_bytes()
        again = SessionFiles(folder)
        again.write_frame_set(stored(3), again=True)
        again.write_frame_set(stored(4), again=True)
        added = folder.checksums.read_bytes().removeprefix(lines)
        assert [parse_checksum_line(line).frame_set_id for line in added.splitlines()] == [4]

    def test_a_line_that_it_wrote_is_not_written_twice(self, writer: SessionFiles, folder: SessionFolder) -> None:
        writer.append(Journal.PROOFS, MARK)
        again = SessionFiles(folder)
        for line in (MARK, GAP):
            again.append(Journal.PROOFS, line, again=True)
        assert written(folder.proofs) == [MARK, GAP]

    def test_a_session_that_another_daemon_took_meanwhile_is_left_alone(
        self, writer: SessionFiles, folder: SessionFolder
    ) -> None:
        other = FileLock.take(folder.lock)
        assert other is not None
        again = SessionFiles(folder)
        with pytest.raises(StoreError, match="is being recorded by another gbatrace"):
            again.claim()
        with pytest.raises(StoreError, match="is being recorded by another gbatrace"):
            again.write_frame_set(stored(0))
        other.release()


def test_behind_what_could_not_be_made_nothing_is_stored(writer: SessionFiles, folder: SessionFolder) -> None:
    with pytest.raises(StoreError, match="its own fault"):
        writer.abandon("its own fault")
    with pytest.raises(StoreError, match="its own fault"):
        writer.write_frame_set(stored(1))
    writer.open(metadata())
    writer.write_frame_set(stored(0))
    assert folder.frame_set(0).is_dir()
    writer.close()


def test_a_fault_of_ours_is_said_and_nothing_is_stored_behind_it(
    writer: SessionFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: object, _data: bytes) -> None:
        raise ZeroDivisionError("division by zero")

    with monkeypatch.context() as faulty:
        faulty.setattr("daemon.writer.session_files.write_file", fail)
        with pytest.raises(StoreError, match=r"its own fault: ZeroDivisionError\('division by zero'\)"):
            writer.write_frame_set(stored(0))
    with pytest.raises(StoreError, match="ZeroDivisionError"):
        writer.write_frame_set(stored(1))
