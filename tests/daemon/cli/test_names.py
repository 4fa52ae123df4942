"""`gbatrace names`, as it is typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from protocol.errors import ExportError, NamesError, SessionError, SettingsError
from tests.daemon.importing.made import frame_set, make_session

ROM = "AB" * 20


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    make_session(tmp_path / "data", "a", [frame_set(0)])
    return tmp_path


def run(*words: str) -> str:
    result = CliRunner().invoke(command_line(), words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_a_name_is_set_listed_and_removed(folder: Path) -> None:
    assert run("names", "set", "hp", "--session", "a", "--address", "02000010", "--type", "u16", "--who", "ann") == (
        "hp is u16 at 02000010 (guess)."
    )
    given = ["--value", "0=dead", "--bit", "1=low", "--unit", "HP", "--watched", "--status", "certain"]
    run("names", "set", "hp", "--session", "a", *given)
    run("names", "set", "hp", "--session", "a", "--factor", "0.5", "--evidence", "seen", "--alarm", "< 5")
    listed = json.loads(CliRunner().invoke(command_line(), ["names", "list", "--session", "a", "--json"]).output)
    assert listed["names"] == [
        {
            "name": "hp",
            "address": 0x0200_0010,
            "type": "u16",
            "status": "certain",
            "scale": {"factor": 0.5, "unit": "HP"},
            "values": {"0": "dead"},
            "bits": {"1": "low"},
            "evidence": ["seen"],
            "watched": True,
            "alarm": "< 5",
            "who": "ann",
            "layer": "own",
        }
    ]
    assert "02000010 hp u16 certain own" in run("names", "list", "--session", "a")
    assert "life is u16" in run("names", "set", "life", "--previous", "hp", "--session", "a")
    assert run("names", "remove", "life", "--session", "a") == "02000010 is not called life any more."
    assert run("names", "list", "--session", "a").startswith("0 names of")


def test_lists_come_and_go(folder: Path) -> None:
    (folder / "a.wch").write_text("SystemID GBA\n00010\tw\tu\t0\tEWRAM\thp\nzz\tb\tu\t0\tIWRAM\tnone\n")
    told = run("names", "import", "a.wch", "--rom", ROM)
    assert "a.wch: 1 added, 0 changed, 0 known before" in told
    assert "Line 3: none was left out" in told
    assert "Wrote 1 name to out.txt" in run(
        "names", "export", "--rom", ROM, "--format", "ra-user", "--output", "out.txt"
    )
    assert 'N0:0x008010:"[16-bit] hp"' in (folder / "out.txt").read_text("utf-8")


@pytest.mark.parametrize(("form", "holds"), [("wch", "SystemID GBA"), ("stable-retro", '"info"'), ("json", '"names"')])
def test_a_list_becomes_another_in_both_spellings(folder: Path, form: str, holds: str) -> None:
    assert "Wrote 404 names to old" in run("symbols", "demo", "--format", form, "--output", "old")
    run("names", "export", "--list", "demo", "--format", form, "--output", "new")
    assert holds in (folder / "old").read_text(encoding="utf-8")
    assert (folder / "old").read_bytes() == (folder / "new").read_bytes()


def test_what_cannot_be_done_is_told(folder: Path) -> None:
    (folder / "there").write_text("")
    with pytest.raises(ExportError, match="there is there already"):
        run("symbols", "demo", "--format", "wch", "--output", "there")
    with pytest.raises(NamesError, match=r"none\.json cannot be read"):
        run("symbols", "none.json", "--format", "wch", "--output", "new")
    with pytest.raises(NamesError, match="no format 'xml' for names"):
        run("symbols", "demo", "--format", "xml", "--output", "new")
    with pytest.raises(SettingsError, match="Name the game"):
        run("names", "list")
    with pytest.raises(SettingsError, match="Name the game"):
        run("names", "list", "--session", "a", "--rom", ROM)
    with pytest.raises(SettingsError, match="leave --list out"):
        run("names", "export", "--list", "demo", "--rom", ROM, "--format", "wch", "--output", "new")
    with pytest.raises(SessionError):
        run("names", "list", "--session", "nobody")
    with pytest.raises(SettingsError, match="--value 1=poison"):
        run("names", "set", "hp", "--session", "a", "--value", "dead")
