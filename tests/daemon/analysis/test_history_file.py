"""Indices on disk: written once, mapped the next time, never believed when they are another session's or damaged."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.analysis import session_history
from daemon.analysis.history import History
from daemon.analysis.history_file import HistoryFiles, remove_index
from daemon.managing.sessions import delete_session
from protocol.session.change_log_builder import LoggedSet
from protocol.session.change_log_reader import ChangeLogReader
from protocol.session.reader import open_session, session_names
from tests.daemon.analysis.recording import FRAMES, REGIONS, Recording, history_of
from tests.daemon.analysis.stored_session import COUNTER, StoredSession
from tests.fakes.links import link

EMPTY = History.of(REGIONS, FRAMES)


def same(one: History, other: History) -> bool:
    numbers = one.timeline.numbers.tolist()
    return numbers == other.timeline.numbers.tolist() and all(
        one.memory_at(number).image.tobytes() == other.memory_at(number).image.tobytes()
        and one.memory_at(number).known.tolist() == other.memory_at(number).known.tolist()
        for number in numbers
    )


def index_folders(data: Path, session: str = "run") -> list[Path]:
    return sorted((data / ".memory_index" / session).iterdir())


@pytest.fixture
def files(tmp_path: Path) -> HistoryFiles:
    (tmp_path / "run").mkdir()
    return HistoryFiles(tmp_path, "run")


def test_an_index_is_mapped_as_it_was_written_and_grows_on(files: HistoryFiles) -> None:
    recording = Recording(1)
    half = History.of(REGIONS, FRAMES, [replace(block, left_out=3) for block in recording.blocks[:4]])
    files.save(half)
    found = files.load(EMPTY)
    assert found is not None
    assert same(found, half)
    assert found.left_out == 12
    assert same(found.extended(recording.blocks[4:]), history_of(recording))


def test_the_newest_index_counts_and_older_ones_are_removed(files: HistoryFiles, tmp_path: Path) -> None:
    recording = Recording(1)
    for blocks in (2, 4):
        files.save(History.of(REGIONS, FRAMES, recording.blocks[:blocks]))
    assert len(index_folders(tmp_path)) == 1
    found = files.load(EMPTY)
    assert found is not None
    assert same(found, History.of(REGIONS, FRAMES, recording.blocks[:4]))


def test_a_damaged_index_does_not_count(files: HistoryFiles, tmp_path: Path) -> None:
    files.save(history_of(Recording(1)))
    (folder,) = index_folders(tmp_path)
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        for damaged in (content[: len(content) // 2], content[:-1] + bytes([content[-1] ^ 1]), b""):
            path.write_bytes(damaged)
            assert files.load(EMPTY) is None, path.name
        path.write_bytes(content)
    assert files.load(EMPTY) is not None


@pytest.mark.parametrize(
    "damaged", [('"parts": 1', '"parts": 0'), ('"left_out": 0', '"left_out": 1'), ("iwram", "iwrbm")]
)
def test_a_head_that_still_reads_well_but_is_damaged_does_not_count(
    files: HistoryFiles, tmp_path: Path, damaged: tuple[str, str]
) -> None:
    files.save(history_of(Recording(1)))
    (head,) = tmp_path.glob(".memory_index/run/*/index.json")
    written = head.read_text(encoding="utf-8")
    head.write_text(written.replace(*damaged), encoding="utf-8")
    assert head.read_text(encoding="utf-8") != written
    assert files.load(EMPTY) is None


def test_an_index_of_other_regions_does_not_count(files: HistoryFiles) -> None:
    files.save(history_of(Recording(1)))
    assert files.load(History.of(REGIONS[::-1], FRAMES)) is None


def test_no_index_is_no_fault(files: HistoryFiles, tmp_path: Path) -> None:
    assert files.load(EMPTY) is None
    remove_index(tmp_path, "run")
    (tmp_path / ".memory_index").write_bytes(b"in the way")
    files.save(history_of(Recording(1)))
    assert files.load(EMPTY) is None


def test_a_link_is_not_followed(files: HistoryFiles, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link(tmp_path / ".memory_index", tmp_path / "elsewhere")
    files.save(history_of(Recording(1)))
    assert list((tmp_path / "elsewhere").iterdir()) == []


class TestSession:
    @pytest.fixture
    def session(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StoredSession:
        monkeypatch.setattr(session_history, "CACHED", 1)
        session = StoredSession(tmp_path)
        session.store(0, 1, 2)
        session.opened()
        assert index_folders(tmp_path, "evening")
        return session

    def test_what_the_index_has_is_not_read_again(
        self, session: StoredSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        session.store(3)
        read: list[int] = []
        read_sets = ChangeLogReader.read_sets

        def noted(reader: ChangeLogReader, numbers: Sequence[int]) -> Iterator[tuple[LoggedSet, bytes | None]]:
            read.extend(numbers)
            return read_sets(reader, numbers)

        monkeypatch.setattr(ChangeLogReader, "read_sets", noted)
        history = session.opened().history
        assert read == [3]
        assert history.timeline.numbers.tolist() == [0, 1, 2, 3]
        assert history.memory_at(3).image[history.position_of(COUNTER)] == 4

    def test_an_index_of_sets_that_are_not_there_any_more_is_built_anew(self, session: StoredSession) -> None:
        session.folder.frame_set(1).rename(session.data / "aside")
        assert session.opened().history.timeline.numbers.tolist() == [0, 2]

    def test_sessions_are_listed_without_it_and_lose_it_when_they_are_deleted(self, session: StoredSession) -> None:
        assert session_names(session.data) == ["evening"]
        session.writer.close()
        delete_session(open_session(session.folder.path))
        assert not (session.data / ".memory_index" / "evening").exists()


def test_indices_of_sessions_that_are_gone_are_swept(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    HistoryFiles(tmp_path, "gone").save(history_of(Recording(1)))
    HistoryFiles(tmp_path, "run").save(history_of(Recording(1)))
    assert [path.name for path in (tmp_path / ".memory_index").iterdir()] == ["run"]
