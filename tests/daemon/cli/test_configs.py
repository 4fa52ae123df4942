"""`gbatrace config check` as it is typed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import resources
from daemon.cli.app import command_line
from protocol.session.reader import open_session
from tests.daemon.importing.made import log_row, write_log


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(command_line(), words, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_good_ones() -> None:
    paths = [str(path) for path in resources.game_configs().glob("*.json")]
    assert run("config", "check", *paths).count("is a game config") == len(paths)


def test_those_of_the_data_folder_and_bare_names_are_known(folder: Path) -> None:
    for kind, name, text in (
        ("label_sets", "mine.json", '{"fields": {}}'),
        ("game_configs", "game.json", '{"game": "x", "label_set": "mine", "memory_watch": ["02000000", "hp"]}'),
    ):
        (folder / "data" / kind).mkdir(parents=True)
        (folder / "data" / kind / name).write_text(text)
    told = run("config", "check", "game", "metabots_rokusho.json")
    assert told.count("is a game config") == 2
    assert "`memory_watch[1]` is no bus address, and kept for other tools" in told
    assert "names 'mine'; there are default" in run(
        "config", "check", "data/game_configs/game.json", "--data", "none", code=1
    )


def test_a_bare_name_and_the_configs_content_go_with_an_import(folder: Path) -> None:
    write_log(folder / "event_log.csv", [log_row(0, current_keys="x")])
    run("import", "--csv", "event_log.csv", "--session-name", "run", "--game-config", "metabots_rokusho", code=0)
    session = open_session(folder / "data" / "run")
    assert session.metadata.game_config == "metabots_rokusho.json"
    assert session.metadata.config_content["semantics"]
    assert session.frame_set(0).frames[0].current_keys == "A"
    assert "semantics" not in run("sessions", "show", "run")


def test_bad_and_doubtful_ones(folder: Path) -> None:
    (folder / "bad.json").write_text('{"game": "x", "keys": {"Y": "x"}}')
    (folder / "odd.json").write_text('{"game": "x", "mine": 1}')
    told = run("config", "check", "bad.json", "odd.json", code=1)
    assert "bad.json: `keys.Y` is not a console button; there are A, B, Select" in told
    assert "odd.json: `mine` means nothing to gbatrace" in told
    assert "odd.json is a game config." in told
