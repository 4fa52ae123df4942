"""Jobs of several sessions, done by one hand."""

from pathlib import Path

import pytest

from daemon.disk.durability import Durability, Unsynced
from daemon.disk.file_lock import FileLock
from daemon.writer.jobs import (
    Abandon,
    Append,
    Claim,
    Close,
    Job,
    Journal,
    Open,
    RefreshMetadata,
    Sync,
    WriteMemory,
    WriteMetadata,
    WriteSet,
)
from daemon.writer.recordings import Recordings
from protocol.session.layout import session_folder

METADATA = b'{"session_id": "a"}\n'


def a_set(session: str, number: int = 0) -> WriteSet:
    return WriteSet(session, number, b"{}", b"\x89PNG", b'{"context": "battle"}')


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path, Unsynced())


def test_a_session_from_its_beginning_to_its_end(recordings: Recordings, tmp_path: Path) -> None:
    jobs: list[Job] = [
        Open("a", METADATA),
        a_set("a"),
        WriteMemory("a", 0, b"memory"),
        Append("a", Journal.EVENTS, b"{}\n"),
        WriteMetadata("a", METADATA),
        Sync(),
        Close("a"),
    ]
    assert [recordings.perform(job) for job in jobs] == [""] * len(jobs)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()) == [
        "a/0/0.png",
        "a/0/annotations.json",
        "a/0/event.json",
        "a/checksums.jsonl",
        "a/events.jsonl",
        "a/memory_0.bin.zst",
        "a/session_metadata.json",
    ]


def test_what_one_session_cannot_do_does_not_hinder_another(recordings: Recordings) -> None:
    assert recordings.perform(Open("a", METADATA)) == ""
    assert recordings.perform(Open("b", METADATA)) == ""
    assert recordings.perform(Abandon("a", "it could not be made")) == "it could not be made"
    assert recordings.perform(a_set("a")) == "it could not be made"
    assert recordings.perform(a_set("b")) == ""
    recordings.close()


def test_a_session_that_was_not_opened_is_not_written(recordings: Recordings, tmp_path: Path) -> None:
    assert "goes on when its emulator comes back" in recordings.perform(a_set("a"))
    assert list(tmp_path.iterdir()) == []


def test_a_refresh_of_a_session_that_is_not_open_is_passed_over(recordings: Recordings, tmp_path: Path) -> None:
    assert recordings.perform(RefreshMetadata("run", b"{}\n")) == ""
    assert not (tmp_path / "run").exists()


def test_a_session_that_was_found_is_held_and_then_written(recordings: Recordings, tmp_path: Path) -> None:
    for job in (Open("a", METADATA), Close("a")):
        recordings.perform(job)
    assert recordings.perform(Claim("a")) == ""
    assert FileLock.take(session_folder(tmp_path, "a").lock) is None
    assert recordings.perform(a_set("a")) == ""
    recordings.close()


def test_at_the_end_everything_is_let_go_of(recordings: Recordings, tmp_path: Path) -> None:
    recordings.perform(Open("a", METADATA))
    recordings.close()
    lock = FileLock.take(session_folder(tmp_path, "a").lock)
    assert lock is not None
    lock.release()


def test_a_name_that_cannot_be_a_folder_is_refused(recordings: Recordings) -> None:
    assert "cannot be a session's name" in recordings.perform(Open("../a", METADATA))


def test_what_is_written_is_forced_out_where_that_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", synced.append)
    recordings = Recordings(tmp_path, Unsynced(Durability.POWER))
    recordings.perform(Open("a", METADATA))
    recordings.perform(a_set("a"))
    before = len(synced)
    assert recordings.perform(Sync()) == ""
    assert len(synced) - before >= 4
    recordings.close()


def test_a_session_without_anything_is_deleted_and_its_name_is_free(recordings: Recordings, tmp_path: Path) -> None:
    recordings.perform(Open("a", METADATA))
    assert recordings.perform(Close("a", discard=True)) == ""
    assert list(tmp_path.iterdir()) == []
    assert recordings.perform(Close("a", discard=True), again=True) == "", "a writer that was killed had done it"
    assert recordings.perform(Open("a", METADATA)) == ""
    assert session_folder(tmp_path, "a").metadata.is_file()
