"""`gbatrace fleet` as it is typed."""

import pytest
from typer.testing import CliRunner

from daemon.cli import fleet
from daemon.cli.app import command_line
from daemon.fleet.options import FleetOptions
from daemon.fleet.recorders import Show
from daemon.fleet.schedule import Failure
from daemon.fleet.service import FleetReport
from tests.daemon.fleet.rows import row


def run(monkeypatch: pytest.MonkeyPatch, report: FleetReport, *words: str) -> tuple[int, str, FleetOptions]:
    asked: list[FleetOptions] = []

    def answer(options: FleetOptions, _show: Show) -> FleetReport:
        asked.append(options)
        return report

    monkeypatch.setattr(fleet, "record_fleet", answer)
    result = CliRunner().invoke(command_line("fleet"), ["fleet", *words], env={"COLUMNS": "200"})
    return result.exit_code, result.output, asked[0]


def test_its_options_make_a_fleet(monkeypatch: pytest.MonkeyPatch) -> None:
    report = FleetReport(1, (row("a", frames=107_510), row("b", frames=107_510)), ())
    words = ("--rom", "game.gba", "--hours", "1", "--output", "s3://bucket/runs", "--session-minutes", "30")
    code, output, options = run(monkeypatch, report, *words, "--recorders", "4", "--address", "ray://head:10001")
    assert (code, options.hours, options.recorders, options.address) == (0, 1, 4, "ray://head:10001")
    assert (options.policy, options.output) == ("random", "s3://bucket/runs")
    assert "Recorded 1 session; s3://bucket/runs has 2 sessions of this fleet, 1.00 hours of play." in output


def test_sessions_that_were_given_up_are_listed_and_end_with_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    report = FleetReport(0, (), (Failure("a", "The policy failed.", is_final=True),))
    code, output, _ = run(monkeypatch, report, "--rom", "game.gba", "--hours", "1", "--output", "runs")
    assert code == 1
    assert "✗ a: The policy failed." in output
