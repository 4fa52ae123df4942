"""`gbatrace integration` as it is typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli import integrating
from daemon.cli.app import command_line
from daemon.integrating.integration import IntegrationOptions, WrittenIntegration


def run(*words: str) -> str:
    app = command_line("integration")
    return CliRunner().invoke(app, words, catch_exceptions=False, env={"COLUMNS": "200"}).output


def test_options_become_a_request_and_the_answer_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[IntegrationOptions] = []

    def answer(_data: Path, options: IntegrationOptions) -> WrittenIntegration:
        asked.append(options)
        return WrittenIntegration(Path("games/Demo-GbAdvance-v0"), 3, ("A note.",))

    monkeypatch.setattr(integrating, "write_integration", answer)
    words = ["integration", "run", "--at", "12", "--output", "games", "--with-rom", "--state", "Meadow"]
    output = run(*words, "--data", str(tmp_path))
    assert output.splitlines() == [
        f"Wrote {Path('games/Demo-GbAdvance-v0')} with 3 variables and the start Meadow, after frame set 12 of run.",
        "  A note.",
    ]
    assert asked == [IntegrationOptions(session="run", at=12, output=Path("games"), state="Meadow", copies_rom=True)]
    assert json.loads(run(*words, "--json"))["variables"] == 3
