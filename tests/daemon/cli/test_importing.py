"""The commands as they are typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from daemon.cli.app import command_line
from protocol.errors import LogError
from protocol.session.reader import open_session
from tests.daemon.importing.made import log_row, write_log, write_snapshots


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_log(tmp_path / "event_log.csv", [log_row(0), log_row(1, 14, current_keys="x")])
    write_snapshots(tmp_path / "snapshots", [0, 1])
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    result: Result = CliRunner().invoke(command_line(), words, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


class TestImport:
    def test_the_originals_options_are_known(self, folder: Path) -> None:
        (folder / "demo.json").write_text(json.dumps({"game": "Demo", "keys": {"A": "x"}}))
        told = run(
            *(
                "import",
                "--csv",
                "event_log.csv",
                "--snapshots",
                "snapshots",
                "--output",
                "out",
                "--session_name",
                "run",
            ),
            *("--game_config", "demo.json", "--num_frames", "6", "--cleanup", "True"),
        )
        assert "Imported 2 rows as 2 frame sets:" in told
        session = open_session(folder / "out" / "run")
        assert session.frame_set(1).frames[0].current_keys == "A"
        assert session.metadata.num_frames_per_set == 6
        assert not (folder / "snapshots").exists()

    def test_lines_that_are_left_out_show_in_the_code(self, folder: Path) -> None:
        write_log(folder / "event_log.csv", [log_row(0), "1,2"])
        told = run("import", "--csv", "event_log.csv", "--session-name", "run", "--cleanup", "false", code=1)
        assert "1 line left out: it has 2 columns instead of 12 (event_log.csv:2)" in told

    def test_a_dry_run_says_what_would_be(self, folder: Path) -> None:
        assert "Would import 2 rows" in run("import", "--csv", "event_log.csv", "--dry-run", "--no-progress")
        assert not (folder / "data").exists()

    def test_nothing_imported_is_an_error(self, folder: Path) -> None:
        with pytest.raises(LogError):
            run("import", "--csv", "nothing.csv")
        run("import", "--csv", "event_log.csv", "--cleanup", "perhaps", code=2)
