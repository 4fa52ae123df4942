"""`gbatrace find` as it is typed."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from daemon.finding.saved_queries import read_queries
from protocol.errors import EvidenceError, NamesError, SettingsError
from protocol.session.layout import SessionFolder
from tests.daemon.exporting.recordings import record

COUNTER = 0x0300_0010
"""Counts the frame sets: n + 1 after set n, of 40."""

READ = ("--reading", "3=4,10=11", "--reading", "30=31")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    record(tmp_path, "run")
    return tmp_path


def run(data: Path, *words: str) -> str:
    result = CliRunner().invoke(
        command_line("find"),
        ["find", "run", *words, "--data", str(data)],
        catch_exceptions=False,
        env={"COLUMNS": "200"},
    )
    assert result.exit_code == 0, result.output
    return result.output


def found(data: Path, *words: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(data, *words, "--json"))
    return document


def test_the_answer_has_evidence_and_a_certainty_in_words(data: Path) -> None:
    shown = run(data, "--name", "steps", *READ, "--event", "up@20")
    assert shown.splitlines()[1].split()[:2] == ["03000010", "u8"]
    assert "Evidence for 03000010:" in shown
    assert "it was 30, 31 and 32, as 31 was read" in shown
    assert shown.splitlines()[-1].startswith("Certain: 03000010 leads by ")


def test_a_label_that_looks_wrong_is_said(data: Path) -> None:
    shown = run(data, "--name", "steps", *READ, "--reading", "35=3")
    assert "but it was 35, 36 and 37, not 3" in shown
    assert "The reading at frame set 35 contradicts the first candidate" in shown


def test_candidates_without_any_evidence_are_not_shown_as_found(data: Path) -> None:
    shown = run(data, "--name", "steps", "--reading", "99999=3")
    assert "this reading is left out." in shown
    assert "Nothing was found for steps among " in shown
    assert "leads by" not in shown
    assert "Evidence for" not in shown
    assert "Look at frame set" not in shown
    document = found(data, "--name", "steps", "--reading", "99999=3")
    assert (document["candidates"], document["ask"]) == ([], None)


def test_a_large_number_is_written_in_full(data: Path) -> None:
    assert ", not 12345678." in run(data, "--name", "steps", *READ, "--reading", "35=12345678")
    with pytest.raises(EvidenceError, match=r"^123456789012 is larger"):
        run(data, "--name", "steps", "--reading", "35=123456789012")


def test_the_answer_is_json_for_programs(data: Path) -> None:
    document = found(data, "--name", "steps", *READ, "--limit", "3")
    assert (document["name"], document["certainty"]) == ("steps", "certain")
    first = document["candidates"][0]
    assert (first["address"], first["type"], first["form"], first["value"], first["name"]) == (
        COUNTER,
        "u8",
        "=",
        40,
        "",
    )
    assert [line["number"] for line in first["evidence"]] == [3, 10, 30]
    assert len(document["candidates"]) <= 3


def test_an_accepted_candidate_is_a_name_with_its_evidence(data: Path) -> None:
    assert "steps is u8 at 03000010 (certain)." in run(data, "--name", "steps", *READ, "--accept", "--who", "ann")
    again = found(data, "--name", "walked", *READ)
    assert again["candidates"][0]["name"] == "steps"
    listed = CliRunner().invoke(
        command_line("names"), ["names", "list", "--session", "run", "--data", str(data), "--json"]
    )
    (entry,) = json.loads(listed.output)["names"]
    assert (entry["who"], entry["status"]) == ("ann", "certain")
    assert "reading at 30: it was 30, 31 and 32, as 31 was read" in entry["evidence"]
    with pytest.raises(NamesError, match="already the name of 03000010"):
        run(data, "--name", "steps", "--reading", "2=2", "--reading", "3=10", "--accept")


def test_evidence_is_kept_and_used_again(data: Path) -> None:
    with pytest.raises(EvidenceError, match="Say what was seen of steps"):
        run(data, "--name", "steps")
    first = found(data, "--name", "steps", *READ, "--keep")
    assert list(read_queries(SessionFolder(data / "run")).queries) == ["steps"]
    assert found(data, "--name", "steps") == first


def test_what_cannot_be_read_is_a_sentence(data: Path) -> None:
    with pytest.raises(EvidenceError, match="'soon' is no reading"):
        run(data, "--name", "hp", "--reading", "soon")
    with pytest.raises(EvidenceError, match="is no event"):
        run(data, "--name", "hp", "--event", "left@3")
    with pytest.raises(EvidenceError, match="is no axis"):
        run(data, "--name", "hp", "--axis", "Left")
    with pytest.raises(SettingsError, match="--context or --field scene"):
        run(data, "--name", "hp", "--context", "--field", "scene")
