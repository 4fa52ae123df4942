"""All of a session or nothing."""

from pathlib import Path

import pytest

from daemon.recording.staging import Staging, require_free
from protocol.errors import LayoutError, SessionError
from tests.daemon.importing.made import metadata


def test_a_session_appears_whole(tmp_path: Path) -> None:
    with Staging(tmp_path / "data", "evening") as staging:
        staging.writer.write_metadata(metadata("evening", []))
        assert not (tmp_path / "data" / "evening").exists()
        folder = staging.publish()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["evening"]
    assert folder.metadata.is_file()


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with Staging(tmp_path, "evening") as staging:
            staging.writer.write_metadata(metadata("evening", []))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / ".making-evening" / "7").mkdir(parents=True)
    with Staging(tmp_path, "evening") as staging:
        assert list(staging.folder.path.iterdir()) == []


def test_a_session_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "evening").mkdir()
    with pytest.raises(SessionError, match=r"There is a session evening in .* already"):
        Staging(tmp_path, "evening")
    with pytest.raises(LayoutError):
        require_free(tmp_path, "../evening")


def test_a_session_that_came_meanwhile_stays(tmp_path: Path) -> None:
    with Staging(tmp_path, "evening") as staging:
        (tmp_path / "evening").mkdir()
        with pytest.raises(SessionError):
            staging.publish()
    assert [path.name for path in tmp_path.iterdir()] == ["evening"]
