"""`gbatrace suggest` and `snap` as they are typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from protocol.errors import AnalysisError
from protocol.session.annotations import parse_annotations
from protocol.session.layout import session_folder
from tests.fakes.demo_game import TOUR_SETS, record_tour


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tour of the demo game, with one frame set in ten labelled."""
    data = tmp_path_factory.mktemp("data")
    record_tour(data)
    folder = session_folder(data, "tour")
    for number in range(TOUR_SETS):
        if number % 10:
            folder.annotations(number).unlink(missing_ok=True)
    return data


def run(data: Path, command: str, *words: str) -> str:
    arguments = [command, "tour", *words, "--data", str(data)]
    result = CliRunner().invoke(command_line(command), arguments, catch_exceptions=False, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.output


def test_suggestions_are_shown_taken_and_not_offered_again(tour: Path) -> None:
    shown = run(tour, "suggest")
    assert "byte 03000025 = 12 in all" in shown
    assert "context as told by byte 03000025" in shown
    folder = session_folder(tour, "tour")
    assert not folder.annotations(1).exists()
    document = json.loads(run(tour, "suggest", "--take", "--who", "ann", "--json"))
    assert document["taken"]["changed"] > 0.85 * TOUR_SETS
    suggestion = document["suggestions"][5]
    labels = parse_annotations(folder.annotations(suggestion["first"]).read_bytes())
    assert labels.context == suggestion["value"]
    assert json.loads(run(tour, "suggest", "--json"))["suggestions"] == []
    moved = json.loads(run(tour, "snap", "--json"))
    assert moved["changed"] == sum(each["last"] - each["first"] + 1 for each in moved["moves"])


def test_a_field_without_labels_says_so(tour: Path) -> None:
    assert "Two situations must be labelled" in run(tour, "suggest", "--field", "scene")
    with pytest.raises(AnalysisError, match="No labels are suggested for 'tags'"):
        run(tour, "suggest", "--field", "tags")
    assert "0 ends moved" in run(tour, "snap", "--field", "scene")
