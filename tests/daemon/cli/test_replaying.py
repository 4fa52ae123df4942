"""`gbatrace replay` as it is typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli import replaying
from daemon.cli.app import command_line
from daemon.replaying.branch import BranchOptions
from daemon.replaying.result import DifferentWord, Parting, Replay
from protocol.errors import SettingsError
from tests.daemon.exporting.recordings import record

PARTING = Parting(1, 8, 1, (DifferentWord(0x0300_0010, "hp", 7, 5),))


def run(data: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        command_line("replay"), ["replay", *words, "--data", str(data)], catch_exceptions=False, env={"COLUMNS": "300"}
    )
    return result.exit_code, result.output


@pytest.mark.parametrize(("parting", "sign"), [(None, "✓"), (PARTING, "✗")])
def test_one_line_and_the_exit_code_tell_the_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parting: Parting | None, sign: str
) -> None:
    record(tmp_path, "run")
    outcome = Replay("run", "mGBA", 2, 2, 2 - bool(parting), 10, 1, 9, 0, parting, 0.5, ("A note.",))
    monkeypatch.setattr(replaying, "replay_session", lambda *_: outcome)
    code, output = run(tmp_path, "run")
    assert (code, output.splitlines()) == (int(bool(parting)), [f"{sign} {outcome.sentence()}", "  A note."])
    code, output = run(tmp_path, "run", "--json")
    assert (code, json.loads(output)) == (int(bool(parting)), outcome.as_map())


def test_options_of_a_branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[BranchOptions] = []
    branch = record(tmp_path, "branch")

    def answer(_data: Path, options: BranchOptions, _progress: object) -> Path:
        asked.append(options)
        return branch.folder.path

    monkeypatch.setattr(replaying, "record_branch", answer)
    inputs = tmp_path / "other.inputs"
    inputs.write_text("1 A\n3 None\n", "utf-8")
    code, output = run(tmp_path, "run", "--from", "12", "--press", "A*2 Right", "--name", "branch")
    assert (code, output) == (0, "Recorded branch: 3 frames from frame set 12 of run on.\n")
    run(tmp_path, "run", "--from", "12", "--press", "A*2", "--frames", "4")
    run(tmp_path, "run", "--from", "12", "--inputs", str(inputs))
    code, output = run(tmp_path, "run", "--from", "12", "--inputs", str(inputs), "--frames", "2", "--json")
    assert [options.pressed for options in asked] == [[1, 1, 16], [1, 1, 0, 0], [0, 1, 1, 0], [0, 1]]
    assert (asked[0].session, asked[0].at, asked[0].name) == ("run", 12, "branch")
    assert json.loads(output)["session_id"] == "branch"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--press", "A"], "say where with --from"),
        (["--from", "3"], "--press or with --inputs"),
        (["--from", "3", "--press", "A*0"], "is not a press"),
        (["--from", "3", "--press", "Jump"], "is not a button"),
        (["--from", "3", "--inputs", "years.inputs"], "more than 1,000,000 frames"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], reason: str
) -> None:
    record(tmp_path, "run")
    monkeypatch.chdir(tmp_path)
    Path("years.inputs").write_text("999999999999 A\n", "utf-8")
    with pytest.raises(SettingsError, match=reason):
        run(tmp_path, "run", *words)


def test_more_frames_than_a_branch_takes_are_refused(tmp_path: Path) -> None:
    record(tmp_path, "run")
    code, output = run(tmp_path, "run", "--from", "3", "--press", "A", "--frames", str(10**12))
    assert code == 2
    assert "--frames" in output
