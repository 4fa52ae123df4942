"""The queue for the log of changes: due when enough waits, and nothing that goes wrong in it is raised."""

from pathlib import Path

import pytest

from daemon.writer import change_log, log_queue
from daemon.writer.log_queue import BATCH, MOST_WAITING, LogQueue, StoredSet
from protocol.session.layout import SessionFolder


@pytest.fixture
def queue(tmp_path: Path) -> LogQueue:
    return LogQueue(SessionFolder(tmp_path / "evening"), lambda _paths: None)


def stored(number: int) -> StoredSet:
    return StoredSet(number, "", (), b"no columns")


def test_it_is_due_when_a_block_waits(queue: LogQueue) -> None:
    before = queue.is_due
    for number in range(BATCH):
        queue.add(stored(number))
    assert (before, queue.is_due) == (False, True)


def test_it_is_due_when_a_session_begins(queue: LogQueue) -> None:
    queue.open()
    assert queue.is_due


def test_a_session_that_cannot_be_read_costs_nothing_but_the_log(queue: LogQueue) -> None:
    queue.open()
    while queue.is_due:
        queue.work()
    queue.add(stored(0))
    queue.finish()
    assert not queue.is_due
    assert queue.link == ""
    assert queue.take_notice().startswith("The log of changes of evening cannot be written (")
    queue.open()
    queue.finish()
    assert queue.take_notice() == ""


def test_one_sentence_says_that_the_writer_has_no_time_for_it(queue: LogQueue) -> None:
    for number in range(3 * MOST_WAITING):
        queue.add(stored(number))
    assert queue.take_notice() == (
        "The log of changes of evening has fallen behind, because the writer has no time for it. "
        "Nothing is lost: frame sets that it lacks are read from their folders."
    )
    assert queue.take_notice() == ""


def test_a_file_that_is_held_for_a_moment_is_not_spoken_of(queue: LogQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError

    monkeypatch.setattr(change_log, "ChangeLog", refuse)
    monkeypatch.setattr(log_queue, "is_held", lambda _error: True)
    queue.open()
    queue.finish()
    assert queue.take_notice() == ""


def test_a_fault_of_ours_costs_nothing_but_the_log(queue: LogQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(change_log, "ChangeLog", fail)
    queue.open()
    while queue.is_due:
        queue.work()
    queue.finish()
    assert queue.link == ""
