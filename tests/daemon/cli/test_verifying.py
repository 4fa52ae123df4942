"""`gbatrace verify` as it is typed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from protocol.errors import SessionError, SettingsError
from protocol.link.messages import Bye
from protocol.session.layout import session_folder
from tests.fakes.game import Game
from tests.fakes.recording_daemon import RecordingDaemon


@pytest.fixture
def name(tmp_path: Path) -> str:
    game, daemon = Game(), RecordingDaemon(tmp_path)
    for _ in range(3):
        daemon.hears(game.frame_set())
    daemon.hears([Bye("the script was stopped")])
    daemon.is_killed()
    return daemon.folder.path.name


def run(data: Path, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(
        command_line(), ["verify", *words, "--data", str(data), "--no-progress"], catch_exceptions=False
    )
    assert result.exit_code == code, result.output
    return result.output


def test_a_whole_session_is_said_to_be_whole(tmp_path: Path, name: str) -> None:
    output = run(tmp_path, name)
    assert f"{name} is whole: 3 frame sets" in output
    assert output == output.splitlines()[0] + "\n"


def test_there_may_be_no_session(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="There is no session in"):
        run(tmp_path, "all")


def test_a_damaged_session_names_the_file_and_ends_with_code_1(tmp_path: Path, name: str) -> None:
    session_folder(tmp_path, name).event(1).unlink()
    output = run(tmp_path, "all", code=1)
    assert f"{name} is damaged" in output
    assert "1/event.json is missing." in output


def test_a_flaw_is_reported_and_is_no_failure(tmp_path: Path, name: str) -> None:
    session_folder(tmp_path, name).partial(99).mkdir(parents=True)
    assert f"{name} is flawed" in run(tmp_path, name)


def test_what_was_played_and_is_not_stored_has_an_exit_code_of_its_own(tmp_path: Path) -> None:
    daemon = RecordingDaemon(tmp_path)
    daemon.hears([*Game().frame_set(), Bye("enough", next_set=5)])
    daemon.is_killed()
    output = run(tmp_path, "all", code=3)
    assert "The session lost 4 frame sets played after the last." in output


def test_a_screenshot_that_never_came_has_it_too(tmp_path: Path) -> None:
    game, daemon = Game(), RecordingDaemon(tmp_path)
    daemon.hears([*game.frame_set(screenshot=False), *game.frame_set(frames=2, interruption="savestate"), Bye("")])
    daemon.is_killed()
    assert "1 × it has no screenshot" in run(tmp_path, "all", code=3)


def test_a_session_can_be_named_by_its_path(tmp_path: Path, name: str) -> None:
    assert "is whole" in run(tmp_path / "elsewhere", str(session_folder(tmp_path, name).path))


def test_a_session_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="There is no session"):
        run(tmp_path, "nothing")
