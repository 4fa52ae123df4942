"""The index of a session by its folder, and while it is recorded."""

import shutil
from pathlib import Path

import pytest

from daemon.analysis.session_history import open_history
from daemon.analysis.value_types import value_type
from protocol.errors import LayoutError, SessionError
from tests.daemon.analysis.stored_session import COUNTER, StoredSession


@pytest.fixture
def session(tmp_path: Path) -> StoredSession:
    session = StoredSession(tmp_path)
    session.store(0, 1, 2)
    return session


def counter(session: StoredSession) -> list[object]:
    history = session.opened().history
    return list(history.values_of(history.position_of(COUNTER), value_type("u8")).numbers())


def test_a_session_is_opened_by_its_name(session: StoredSession) -> None:
    assert session.opened().now.timeline.numbers.tolist() == [0, 1, 2]
    assert counter(session)[-1] == 3


def test_a_refresh_takes_what_was_stored_since(session: StoredSession) -> None:
    opened = session.opened()
    before = opened.now
    assert opened.refresh() is False
    session.store(3, 4)
    session.mark(4)
    assert opened.refresh() is True
    assert opened.now.timeline.numbers.tolist() == [0, 1, 2, 3, 4]
    assert opened.now.marks == [4]
    assert before.timeline.numbers.tolist() == [0, 1, 2], "a snapshot changes no more"
    assert before.marks == []
    image = opened.history.memory_at(4).image
    assert int(image[opened.history.position_of(COUNTER)]) == 5


def test_labels_are_those_of_now(session: StoredSession) -> None:
    opened = session.opened()
    assert not opened.now.labelled("context", "battle").any()
    session.label(1, context="battle")
    assert opened.now.labelled("context", "battle").tolist() == [False, True, False]
    assert opened.now.labels_of(2) is None
    labels = opened.now.labels_of(1)
    assert labels is not None
    assert labels.context == "battle"


def test_a_session_that_was_recorded_anew_under_its_name_is_read_anew(session: StoredSession) -> None:
    opened = session.opened()
    shutil.rmtree(session.folder.path)
    again = StoredSession(session.data, uuid="2")
    again.store(0)
    assert opened.refresh() is True
    assert opened.now.timeline.numbers.tolist() == [0]


def test_a_session_that_was_deleted_is_missed(session: StoredSession) -> None:
    opened = session.opened()
    shutil.rmtree(session.folder.path)
    with pytest.raises(SessionError, match="evening is not there any more"):
        opened.refresh()


def test_after_a_failure_the_session_is_read_anew(session: StoredSession) -> None:
    opened = session.opened()
    session.store(3)
    aside = session.folder.checksums.rename(session.data / "aside")
    session.folder.checksums.mkdir()
    with pytest.raises(SessionError, match="checksums"):
        opened.refresh()
    session.folder.checksums.rmdir()
    aside.rename(session.folder.checksums)
    assert opened.refresh() is True
    assert opened.now.timeline.numbers.tolist() == [0, 1, 2, 3]


def test_there_must_be_such_a_session(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="is not a session"):
        open_history(tmp_path, "none")
    with pytest.raises(LayoutError):
        open_history(tmp_path, "../none")
