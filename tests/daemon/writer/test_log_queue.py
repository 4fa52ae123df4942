"""The queue for the log of changes: due when enough waits, and nothing that goes wrong in it is raised."""

from pathlib import Path

import pytest

from daemon.writer import change_log
from daemon.writer.log_queue import BATCH, LogQueue, StoredSet
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


def test_a_fault_of_ours_costs_nothing_but_the_log(queue: LogQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(change_log, "ChangeLog", fail)
    queue.open()
    while queue.is_due:
        queue.work()
    queue.finish()
    assert queue.link == ""
