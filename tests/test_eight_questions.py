"""The eight questions of the README: each command finds the true address in the demo game's tour."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from tests.fakes.demo_game import record_tour, symbol_address

ROOT = Path(__file__).parents[1]


def table(file: str) -> dict[str, list[str]]:
    """Read the rows of the section on the eight questions, by the question."""
    section = (ROOT / file).read_text("utf-8").partition("## The eight questions\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in section.splitlines() if "? |" in line]
    return {question.strip("| "): cells for question, *cells in rows}


COMMANDS = {question: re.findall(r"`(gbatrace [^`]*)`", cells[0]) for question, cells in table("README.md").items()}
ANSWERS = {
    question: re.findall(r"`([^`]+)` ([0-9A-F]{8})", cells[1]) for question, cells in table("docs/finding.md").items()
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    record_tour(folder)
    return folder


def run(data: Path, command: str, *more: str) -> str:
    words = [*shlex.split(command)[1:], *more, "--data", str(data)]
    result = CliRunner().invoke(command_line(words[0]), words, catch_exceptions=False, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.output


def test_there_are_eight_and_each_has_a_command_and_a_true_answer() -> None:
    assert len(COMMANDS) == 8
    assert COMMANDS.keys() == ANSWERS.keys()
    assert all(COMMANDS.values())
    for answers in ANSWERS.values():
        assert answers
        for name, address in answers:
            assert int(address, 16) == symbol_address(name)


@pytest.mark.parametrize("question", COMMANDS)
def test_its_command_answers_it(question: str, data: Path) -> None:
    command, true = COMMANDS[question][0], [int(address, 16) for _, address in ANSWERS[question]]
    match shlex.split(command)[1]:
        case "find":
            found = json.loads(run(data, command, "--json"))
            assert found["candidates"][0]["address"] == true[0]
        case "search":
            found = json.loads(run(data, command, "--json", "--limit", "1000"))
            assert set(true) <= {candidate["address"] for candidate in found["candidates"]}
        case "stats":
            busiest = run(data, command).partition("busiest address")[2].splitlines()[1:3]
            assert any(f"{true[0]:08X}" in line for line in busiest)
        case other:
            pytest.fail(f"{other} is not run here")


@pytest.mark.usefixtures("mgba")
def test_a_probe_answers_the_buttons_for_certain(data: Path) -> None:
    question = "What do the buttons move?"
    probed = json.loads(run(data, COMMANDS[question][1], "--json"))
    sideways = next(group["candidates"] for group in probed["groups"] if group["name"] == "Left/Right")
    assert sideways[0]["address"] == int(ANSWERS[question][0][1], 16)
    assert sideways[0]["verdict"] == "source"
