"""The group of all commands."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from daemon.stopping import INTERRUPTED


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["serve", "--link-port", "abc"], "--link-port': it must be a whole number"),
        (["serve", "--lost-patience", "long"], "--lost-patience': it must be a number"),
        (["serve", "--durability", "iron"], "--durability': 'iron' is not one of 'process', 'power'."),
        (["sessions", "list", "--nothing"], "No such option"),
    ],
)
def test_a_value_that_cannot_be_read_is_reported_in_plain_words(words: list[str], told: str) -> None:
    result = CliRunner().invoke(command_line(), words, env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert told in result.output


def test_an_interruption_is_not_taken_for_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("daemon.cli.verifying.verify_session", interrupted)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "session_metadata.json").write_text("{}", "utf-8")
    result = CliRunner().invoke(command_line(), ["verify", "run", "--data", str(tmp_path)])
    assert result.exit_code == INTERRUPTED
