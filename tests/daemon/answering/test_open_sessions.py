"""A few sessions are kept open; one that takes long to open holds no other back for long."""

import threading
import time

import pytest

from daemon.answering.open_sessions import MAX_OPEN, OpenSessions
from protocol.errors import BusyError, SessionError


class Histories:
    """Histories that are opened, each as slowly as the test wants."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.refreshed: list[str] = []
        self.warm: list[str] = []
        self.missing: set[str] = set()
        self.slow: set[str] = set()
        self.go_on = threading.Event()

    def open(self, name: str) -> "History":
        self.opened.append(name)
        if name in self.slow:
            self.go_on.wait(30)
        if name in self.missing:
            raise SessionError(f"There is no session {name}.")
        return History(self, name)


class History:
    def __init__(self, histories: Histories, name: str) -> None:
        self._histories, self.name = histories, name

    def refresh(self) -> None:
        self._histories.refreshed.append(self.name)
        if self.name in self._histories.missing:
            raise SessionError(f"There is no session {self.name}.")

    def warm_up(self) -> None:
        self._histories.warm.append(self.name)


def test_a_session_is_opened_once_and_refreshed_each_time() -> None:
    at = Histories()
    sessions = OpenSessions(at.open)
    assert [sessions.refreshed("run").name for _ in range(3)] == ["run"] * 3
    assert at.opened == ["run"]
    assert not at.warm, "a question waits for nothing that it does not need"
    assert at.refreshed == ["run"] * 3


def test_the_one_used_longest_ago_is_freed() -> None:
    at = Histories()
    sessions = OpenSessions(at.open)
    names = [f"run{number}" for number in range(MAX_OPEN + 1)]
    for name in names[:-1]:
        sessions.refreshed(name)
    sessions.refreshed(names[0])
    sessions.refreshed(names[-1])
    sessions.refreshed(names[0])
    assert at.opened == names
    sessions.refreshed(names[1])
    assert at.opened == [*names, names[1]]


def test_one_that_is_still_being_read_is_told_and_is_there_later() -> None:
    at = Histories()
    at.slow.add("long")
    sessions = OpenSessions(at.open, patience=0.05)
    for _ in range(2):
        with pytest.raises(BusyError, match="being read for the first time"):
            sessions.refreshed("long")
    at.go_on.set()
    until = time.monotonic() + 20
    while True:
        try:
            assert sessions.refreshed("long").name == "long"
        except BusyError:
            assert time.monotonic() < until
        else:
            break
    assert at.opened == ["long"]


def test_no_more_are_read_at_once_than_are_kept() -> None:
    at = Histories()
    at.slow.update(f"long{number}" for number in range(MAX_OPEN))
    sessions = OpenSessions(at.open, patience=0.01)
    for name in sorted(at.slow):
        with pytest.raises(BusyError):
            sessions.refreshed(name)
    with pytest.raises(BusyError, match=f"{MAX_OPEN} sessions are being read"):
        sessions.refreshed("run")
    at.go_on.set()


def test_what_could_not_be_opened_or_refreshed_is_tried_again() -> None:
    at = Histories()
    at.missing.add("run")
    sessions = OpenSessions(at.open)
    with pytest.raises(SessionError):
        sessions.refreshed("run")
    at.missing.clear()
    assert sessions.refreshed("run").name == "run"
    at.missing.add("run")
    with pytest.raises(SessionError):
        sessions.refreshed("run")
    assert at.opened == ["run", "run"]
    with pytest.raises(SessionError):
        sessions.refreshed("run")
    assert at.opened == ["run", "run", "run"]


def test_a_session_is_opened_before_anybody_asks_about_it() -> None:
    at = Histories()
    at.missing.add("gone")
    sessions = OpenSessions(at.open)
    for name in ("run", "gone", *(f"other{number}" for number in range(2 * MAX_OPEN))):
        sessions.prepare(name)
    until = time.monotonic() + 20
    while len(at.opened) < MAX_OPEN:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert at.opened[:2] == ["run", "gone"]
    assert len(at.opened) == MAX_OPEN, "a session that is only looked at took the place of another"
    sessions.refreshed("run")
    assert at.opened.count("run") == 1
    assert at.warm.count("run") == 1
    assert "gone" not in at.warm
    at.missing.clear()
    assert sessions.refreshed("gone").name == "gone"
