"""`gbatrace probe` as it is typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli import probing
from daemon.cli.app import command_line
from daemon.probing.request import (
    ProbedCandidate,
    ProbedMoment,
    ProbeGroup,
    ProbeKind,
    ProbeRequest,
    ProbeResult,
    Verdict,
)
from protocol.errors import GbatraceError, RomError, SessionError, SettingsError
from tests.daemon.exporting.recordings import record


def run(data: Path, *words: str) -> str:
    result = CliRunner().invoke(
        command_line("probe"), ["probe", *words, "--data", str(data)], catch_exceptions=False, env={"COLUMNS": "200"}
    )
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ProbeRequest]:
    """The requests, answered with one candidate."""
    requests: list[ProbeRequest] = []

    def answer(_data: Path, request: ProbeRequest) -> ProbeResult:
        requests.append(request)
        candidate = ProbedCandidate(0x0300_0010, "u16", Verdict.SOURCE, 3, 24, reason="kept +3 in 2 of 2 pokes")
        group, moment = ProbeGroup("hp", (candidate,)), ProbedMoment(12, ("03000010",), 66)
        return ProbeResult(
            "run", request.kind, (group,), (moment,), 66, 1350, "game.gba", "mGBA 0.7", request.name, ("A note.",)
        )

    monkeypatch.setattr(probing, "probe_session", answer)
    return requests


def test_options_become_a_request_and_the_answer_a_table(tmp_path: Path, asked: list[ProbeRequest]) -> None:
    record(tmp_path, "run")
    output = run(tmp_path, "game.gba", "--session", "run", "--at", "12", "--poke", "0x03000010:u16", "--name", "hp")
    assert asked == [
        ProbeRequest(session="run", kind=ProbeKind.POKE, targets=("0x03000010:u16",), at=12, rom="game.gba", name="hp")
    ]
    for part in ("03000010", "u16", "24", "source", "kept +3 in 2 of 2 pokes", "A note.", "hp is confirmed"):
        assert part in output
    assert "66 frames emulated after frame set 12, 1,350 frames to get there, on mGBA 0.7." in output


def test_json_is_the_answer(tmp_path: Path, asked: list[ProbeRequest]) -> None:
    record(tmp_path, "run")
    document = json.loads(run(tmp_path, "--session", "run", "--axis", "--json"))
    assert asked[0].kind is ProbeKind.AXIS
    assert document["groups"][0]["candidates"][0]["address"] == 0x0300_0010
    assert document["frames"] == 66


def test_a_folder_of_roms_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "roms").mkdir()
    assert "roms" in run(tmp_path / "data", "--roms", str(tmp_path / "roms"))
    with pytest.raises(SettingsError, match="is not a folder"):
        run(tmp_path / "data", "--roms", str(tmp_path / "missing"))


@pytest.mark.parametrize(
    ("words", "kind", "sentence"),
    [
        ([], SettingsError, "Name the session with --session"),
        (["--session", "run"], SettingsError, "one of --axis, --cursor, --button and --poke"),
        (["--session", "run", "--axis", "--cursor"], SettingsError, "one of --axis, --cursor, --button and --poke"),
        (["--session", "run", "--axis", "--name", "x"], SettingsError, "--name goes with --poke"),
        (["--session", "missing", "--axis"], SessionError, "missing"),
        (["--session", "run", "--axis"], RomError, "does not say which ROM|was not found in no folder"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tmp_path: Path, words: list[str], kind: type[GbatraceError], sentence: str
) -> None:
    record(tmp_path, "run")
    with pytest.raises(kind, match=sentence):
        run(tmp_path, *words)
