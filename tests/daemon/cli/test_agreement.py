"""`gbatrace agreement` as it is typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from daemon.labels.history import Entry, SetEdit
from daemon.labels.writer import LabelWriter
from protocol.errors import AnalysisError
from tests.daemon.analysis.stored_session import StoredSession


def run(data: Path, *words: str) -> str:
    arguments = ["agreement", "evening", *words, "--data", str(data)]
    result = CliRunner().invoke(command_line("agreement"), arguments, catch_exceptions=False, env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    return result.output


def test_agreement_is_shown_by_field_with_the_disagreements(tmp_path: Path) -> None:
    session = StoredSession(tmp_path)
    session.store(*range(10))
    assert "nothing to compare" in run(tmp_path)
    writer = LabelWriter(session.folder)
    for n, (who, value, numbers) in enumerate([("ann", "battle", range(8)), ("ben", "menu", range(6, 10))], 1):
        edits = tuple(SetEdit(number, {"context": ""}, {"context": value}) for number in numbers)
        writer.append(Entry(n, 5, who, "page", "edit", None, edits))
    shown = run(tmp_path)
    assert "only ann" in shown
    assert "6..7  context  battle / menu" in shown
    answer = json.loads(run(tmp_path, "--json"))
    assert (answer["compared"], answer["total"], answer["fields"][0]["only"]) == (["ann", "ben"], 1, [6, 2])
    with pytest.raises(AnalysisError, match="leave out --other"):
        run(tmp_path, "--first", "ann", "--other", "copy")
