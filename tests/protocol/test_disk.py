"""Files that another program holds open, on Windows and elsewhere; links in session folders."""

from pathlib import Path

import pytest

from protocol import held_files
from protocol.disk import LineTail, is_link, retry_once, retry_while_held, without_links
from protocol.held_files import HOLD_PATIENCE
from protocol.session.layout import SessionFolder
from tests.fakes.links import link


class Held:
    """A file that is held for a while, and a clock that only sleeping moves."""

    def __init__(self, seconds: float, error: type[OSError] = PermissionError) -> None:
        self.now = 0.0
        self.tries = 0
        self._seconds, self._error = seconds, error

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def action(self) -> str:
        self.tries += 1
        if self.now < self._seconds:
            raise self._error
        return "done"


@pytest.fixture
def _windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_files, "_ON_WINDOWS", True)


@pytest.mark.usefixtures("_windows")
class TestOnWindows:
    @pytest.mark.parametrize("seconds", [0, 0.3, 5, 9.9])
    def test_what_is_held_is_done_when_it_is_let_go_of(self, seconds: float) -> None:
        file = Held(seconds)
        assert retry_while_held(file.action, file.sleep) == "done"
        assert file.now - seconds <= 0.5

    def test_what_is_kept_is_given_up(self) -> None:
        file = Held(60)
        with pytest.raises(PermissionError):
            retry_while_held(file.action, file.sleep)
        assert file.now == pytest.approx(HOLD_PATIENCE)
        assert file.tries < 40

    def test_another_refusal_is_final(self) -> None:
        file = Held(60, FileNotFoundError)
        with pytest.raises(FileNotFoundError):
            retry_while_held(file.action, file.sleep)
        assert file.tries == 1

    def test_reading_is_tried_once_more(self) -> None:
        file = Held(0.005)
        assert retry_once(file.action, file.sleep) == "done"
        kept = Held(60)
        with pytest.raises(PermissionError):
            retry_once(kept.action, kept.sleep)
        assert kept.tries == 2


def test_elsewhere_a_missing_permission_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_files, "_ON_WINDOWS", False)
    file = Held(0.3)
    with pytest.raises(PermissionError):
        retry_while_held(file.action, file.sleep)
    with pytest.raises(PermissionError):
        retry_once(file.action, file.sleep)
    assert file.tries == 2


def test_a_link_is_distinguished_from_its_target(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link(tmp_path / "linked", tmp_path / "real")
    link(tmp_path / "broken", tmp_path / "nowhere")
    assert [is_link(tmp_path / name) for name in ("linked", "broken", "real", "nothing")] == [True, True, False, False]


def test_no_link_leads_into_a_session(tmp_path: Path) -> None:
    (tmp_path / "outside" / "3").mkdir(parents=True)
    (tmp_path / "outside" / "3" / "event.json").write_bytes(b"secret")
    folder = SessionFolder(tmp_path / "run")
    folder.path.mkdir()
    folder.frame_set(2).mkdir()
    link(folder.event(2), tmp_path / "outside" / "3" / "event.json")
    link(folder.frame_set(3), tmp_path / "outside" / "3")
    for path in (folder.event(2), folder.event(3), folder.frame_set(3)):
        with pytest.raises(FileNotFoundError, match="not followed"):
            without_links(folder.path, path)
    assert without_links(folder.path, folder.event(4)) == folder.event(4), "nothing there is no link"


def test_the_folder_itself_may_be_somewhere_else(tmp_path: Path) -> None:
    (tmp_path / "large disk").mkdir()
    link(tmp_path / "run", tmp_path / "large disk")
    assert without_links(tmp_path / "run", tmp_path / "run" / "0") == tmp_path / "run" / "0"


def test_a_path_from_elsewhere_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="subpath"):
        without_links(tmp_path / "a", tmp_path / "b")


def test_a_tail_gives_the_lines_that_were_added_once_they_are_whole(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    tail = LineTail(journal)
    assert tail.new_lines() == ([], False)
    for added, expected in ((b"one\ntw", [b"one"]), (b"o", []), (b"\nthree\n", [b"two", b"three"]), (b"", [])):
        with journal.open("ab") as file:
            file.write(added)
        assert tail.new_lines() == (expected, False)


def test_a_tail_begins_anew_where_the_journal_is_another(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    tail = LineTail(journal)
    journal.write_bytes(b"one\ntwo\n")
    tail.new_lines()
    journal.write_bytes(b"new\n")
    assert tail.new_lines() == ([b"new"], True)
    journal.unlink()
    assert tail.new_lines() == ([], True)
    assert tail.new_lines() == ([], False)


def test_a_tail_does_not_follow_a_link(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"one\n")
    link(tmp_path / "journal", tmp_path / "secret")
    assert LineTail(tmp_path / "journal").new_lines() == ([], False)
