"""Broken metadata: a sentence from every reader, and no harm to other sessions."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from daemon.recording.restoring import restore_sessions
from protocol.errors import GbatraceError
from tests.fakes.game import NOW, Game
from tests.fakes.recording_daemon import RecordingDaemon
from webui.archive.past_sessions import PastSessions

ODD: list[dict[str, Any]] = [
    {"regions": [{"name": "iwram", "size": 64}]},
    {"regions": [1, 2]},
    {"regions": [[], []]},
    {"regions": [{"name": "iwram", "base": 0, "size": 2**40}]},
    {"num_frames_per_set": 10**9},
    {"num_frames_per_set": [], "regions": 5, "created_at": [], "buttons": {}},
    {"created_timestamp": 1e300},
    {"frame_set_id_range": 7},
    {"lost": []},
    {"game_name": {}, "game_config": [], "resume": 7},
]


@pytest.fixture(params=ODD, ids=str)
def data(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A data folder with a broken session and, behind it by name, a good one."""
    for name, odd in (("broken", request.param), ("good", {})):
        daemon = RecordingDaemon(tmp_path)
        game = Game()
        daemon.hears([*game.frame_set(), *game.frame_set()])
        daemon.is_killed()
        folder = daemon.folder.path.rename(tmp_path / name)
        metadata = folder / "session_metadata.json"
        metadata.write_text(json.dumps({**json.loads(metadata.read_bytes()), **odd}), "utf-8")
    return tmp_path


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(command_line(), [str(word) for word in words])
    if isinstance(result.exception, GbatraceError):
        return 2, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_verify_goes_on_with_the_next_session(data: Path) -> None:
    code, output = run("verify", "all", "--data", data, "--no-progress")
    assert code == 1
    assert "broken is damaged" in output
    assert "session_metadata.json cannot be understood" in output
    assert "good is " in output


def test_the_list_of_sessions_shows_both(data: Path) -> None:
    code, output = run("sessions", "list", "--data", data)
    assert code == 0
    assert "damaged" in output
    assert "good" in output


@pytest.mark.parametrize("words", [("stats",), ("sessions", "show")])
def test_what_needs_the_metadata_says_so(data: Path, words: tuple[str, ...]) -> None:
    code, output = run(*words, "broken", "--data", data)
    assert code == 2
    assert "session_metadata.json is damaged" in output


def test_an_export_says_so(data: Path) -> None:
    code, output = run("export", "broken", "--format", "jsonl", "--output", data / "out", "--data", data)
    assert code == 2
    assert "session_metadata.json is damaged" in output


def test_the_daemon_starts_and_the_page_lists(data: Path) -> None:
    told: list[str] = []
    assert [one.identity.session_id for one in restore_sessions(data, NOW, 600.0, told.append)] == ["good"]
    summaries = PastSessions(data).read()
    assert summaries is not None
    assert {summary["session_id"] for summary in summaries} == {"broken", "good"}
