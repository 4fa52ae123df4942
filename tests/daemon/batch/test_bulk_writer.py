"""Frame sets to disk from another thread: the same bytes as the daemon's own writer, and no failure unheard."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from daemon.batch.bulk_writer import BulkWriter
from daemon.session_writer import SessionWriter
from protocol.annotations import Annotations
from protocol.errors import StoreError
from protocol.layout import SessionFolder
from tests.daemon.batch.made import frame_set, metadata, scan

LABELS = Annotations(context="battle")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write_all(folder: Path, numbers: Iterable[int]) -> None:
    with BulkWriter(SessionFolder(folder)) as bulk:
        for number in numbers:
            bulk.write(frame_set(number))


def broken() -> Iterator[int]:
    yield 0
    raise RuntimeError("enough")


def test_the_files_are_those_of_the_daemon(tmp_path: Path) -> None:
    one, other = SessionFolder(tmp_path / "one"), SessionFolder(tmp_path / "other")
    writer = SessionWriter(one)
    one.path.mkdir()
    writer.write_metadata(metadata("one", [0, 1]))
    writer.write_frame_set(frame_set(0, [scan("iwram", 0, [0x0300_0000])]), LABELS, (("iwram", 0),))
    writer.write_frame_set(frame_set(1, flaws=("it is odd",)))
    writer.write_memory(1, b"memory")
    other.path.mkdir()
    with BulkWriter(other) as bulk:
        bulk.write(frame_set(0, [scan("iwram", 0, [0x0300_0000])]), LABELS, (("iwram", 0),))
        bulk.write(frame_set(1, flaws=("it is odd",)))
        bulk.copy_image(1, one.memory_image(1))
    one.metadata.unlink()
    assert files(other.path) == files(one.path)


def test_checksums_are_complete_however_many_sets_there_are(tmp_path: Path) -> None:
    write_all(tmp_path, range(300))
    assert len((tmp_path / "checksums.jsonl").read_bytes().splitlines()) == 300


def test_a_refusal_is_heard_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    with pytest.raises(StoreError):
        write_all(tmp_path, [0])


def test_a_refusal_is_heard_while_writing(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    with pytest.raises(StoreError):
        write_all(tmp_path, range(1000))
    assert not (tmp_path / "900").exists()


def test_the_thread_ends_with_an_error_of_the_caller(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(RuntimeError, match="enough"):
        write_all(tmp_path, broken())
    assert threading.active_count() == before
