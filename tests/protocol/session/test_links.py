from pathlib import Path

import pytest

from protocol.session.layout import SessionFolder
from protocol.session.links import is_link, unlinked
from tests.fakes.links import link


def test_a_link_is_told_from_what_it_leads_to(tmp_path: Path) -> None:
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
            folder.own(path)
    assert folder.own(folder.event(4)) == folder.event(4), "nothing there is no link"


def test_the_folder_itself_may_be_somewhere_else(tmp_path: Path) -> None:
    (tmp_path / "large disk").mkdir()
    link(tmp_path / "run", tmp_path / "large disk")
    assert unlinked(tmp_path / "run", tmp_path / "run" / "0") == tmp_path / "run" / "0"


def test_a_path_from_elsewhere_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="subpath"):
        unlinked(tmp_path / "a", tmp_path / "b")
