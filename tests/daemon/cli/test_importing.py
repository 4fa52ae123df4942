"""The commands as they are typed."""

import json
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

import resources
from daemon.cli.importing import register
from protocol.errors import LogError
from protocol.session.annotations import Annotations
from protocol.session.reader import open_session
from tests.daemon.importing.made import frame_set, log_row, make_session, scan, write_log, write_snapshots


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_log(tmp_path / "event_log.csv", [log_row(0), log_row(1, 14, current_keys="x")])
    write_snapshots(tmp_path / "snapshots", [0, 1])
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    app = typer.Typer()
    register(app)
    result: Result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


class TestImport:
    def test_the_originals_options_are_known(self, folder: Path) -> None:
        (folder / "demo.json").write_text(json.dumps({"game": "Demo", "keys": {"A": "x"}}))
        told = run(
            *(
                "import",
                "--csv",
                "event_log.csv",
                "--snapshots",
                "snapshots",
                "--output",
                "out",
                "--session_name",
                "run",
            ),
            *("--game_config", "demo.json", "--num_frames", "6", "--cleanup", "True"),
        )
        assert "Imported 2 rows as 2 frame sets:" in told
        session = open_session(folder / "out" / "run")
        assert session.frame_set(1).frames[0].current_keys == "A"
        assert session.metadata.num_frames_per_set == 6
        assert not (folder / "snapshots").exists()

    def test_lines_that_are_left_out_show_in_the_code(self, folder: Path) -> None:
        write_log(folder / "event_log.csv", [log_row(0), "1,2"])
        told = run("import", "--csv", "event_log.csv", "--session-name", "run", "--cleanup", "false", code=1)
        assert "1 line left out: it has 2 columns instead of 12 (event_log.csv:2)" in told

    def test_a_dry_run_says_what_would_be(self, folder: Path) -> None:
        assert "Would import 2 rows" in run("import", "--csv", "event_log.csv", "--dry-run", "--no-progress")
        assert not (folder / "data").exists()

    def test_nothing_imported_is_an_error(self, folder: Path) -> None:
        with pytest.raises(LogError):
            run("import", "--csv", "nothing.csv")
        run("import", "--csv", "event_log.csv", "--cleanup", "perhaps", code=2)


def test_stats_count(folder: Path) -> None:
    sets = [
        (frame_set(0, [scan("iwram", 0, [0x0300_0000])]), Annotations(context="battle"), ()),
        (frame_set(1), None, ()),
    ]
    make_session(folder / "data", "a", (sets, []))
    told = run("stats", "a", "--addresses", "1")
    assert re.search(r"frame sets +2", told)
    assert re.search(r"battle +1 +50\.0%", told)
    assert re.search(r"03000000 +iwram +1", told)
    make_session(folder / "data", "b", (sets, []))
    assert re.search(r"frame sets +4", run("stats", "all"))


class TestConfigCheck:
    def test_good_ones(self) -> None:
        paths = [str(path) for path in resources.game_configs().glob("*.json")]
        assert run("config", "check", *paths).count("is a game config") == len(paths)

    def test_those_of_the_data_folder_and_bare_names_are_known(self, folder: Path) -> None:
        for kind, name, text in (
            ("label_sets", "mine.json", '{"fields": {}}'),
            ("game_configs", "game.json", '{"game": "x", "label_set": "mine", "memory_watch": ["02000000"]}'),
        ):
            (folder / "data" / kind).mkdir(parents=True)
            (folder / "data" / kind / name).write_text(text)
        told = run("config", "check", "game", "metabots_rokusho.json")
        assert told.count("is a game config") == 2
        assert "`memory_watch` is kept for other tools" in told
        assert "names 'mine'; there are default" in run(
            "config", "check", "data/game_configs/game.json", "--data", "none", code=1
        )

    def test_a_bare_name_and_the_configs_content_go_with_an_import(self, folder: Path) -> None:
        write_log(folder / "event_log.csv", [log_row(0, current_keys="x")])
        run("import", "--csv", "event_log.csv", "--session-name", "run", "--game-config", "metabots_rokusho", code=0)
        session = open_session(folder / "data" / "run")
        assert session.metadata.game_config == "metabots_rokusho.json"
        assert session.metadata.config_content["semantics"]
        assert session.frame_set(0).frames[0].current_keys == "A"
        assert "semantics" not in run("sessions", "show", "run")

    def test_bad_and_doubtful_ones(self, folder: Path) -> None:
        (folder / "bad.json").write_text('{"game": "x", "keys": {"Y": "x"}}')
        (folder / "odd.json").write_text('{"game": "x", "mine": 1}')
        told = run("config", "check", "bad.json", "odd.json", code=1)
        assert "bad.json: `keys.Y` is not a console button; there are A, B, Select" in told
        assert "odd.json: `mine` means nothing to gbatrace" in told
        assert "odd.json is a game config." in told
