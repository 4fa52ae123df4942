"""`gbatrace search`, `values` and `memory` as they are typed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from daemon.importing.csv_import import ImportOptions, import_log
from protocol.errors import AnalysisError, FilterError, NamesError, SettingsError
from tests.daemon.exporting.recordings import record
from tests.daemon.importing.made import log_row, write_log


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    record(folder, "run")
    record(folder, "next")
    return folder


def run(data: Path, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(
        command_line(), [*words, "--data", str(data)], catch_exceptions=False, env={"COLUMNS": "200"}
    )
    assert result.exit_code == code, result.output
    return result.output


def found(data: Path, *words: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(data, *words, "--json"))
    return document


COUNTER = 0x0300_0010
"""Counts the frame sets: n + 1 after set n, of 40."""


def test_a_search_is_a_table_for_people(data: Path) -> None:
    shown = run(data, "search", "run", "--where", "rose 3..30; = 31 @ 30; times >= 30", "--type", "u8,u16")
    assert "03000010" in shown
    assert "iwram" in shown
    assert "40" in shown
    assert "2 candidates left at 1 address." in shown


def test_a_search_is_json_for_programs(data: Path) -> None:
    document = found(data, "search", "run", "--where", "rose 3..30", "--where", "= 31 @ 30", "--at", "30")
    assert document["at"] == 30
    assert document["filters"][0]["filter"] == "rose 3..30"
    first = document["candidates"][0]
    assert (first["address"], first["type"], first["value"], first["name"]) == (COUNTER, "u8", 31, "")
    assert first["also"][:2] == ["s8", "u16"]


def test_a_search_of_nothing_does_not_blame_the_filter(data: Path) -> None:
    shown = run(data, "search", "run", "--where", "rose 3..30", "--exclude", "00000000..FFFFFFFF")
    assert "Nothing is searched" in shown


def test_a_plot_fits_the_console(data: Path) -> None:
    result = CliRunner().invoke(
        command_line(),
        ["values", "run", "03000010", "--plot", "--data", str(data)],
        env={"COLUMNS": "50"},
        catch_exceptions=False,
    )
    lines = result.output.splitlines()
    assert len(lines) == 13
    assert max(map(len, lines)) <= 50


def test_values_are_written_or_drawn(data: Path) -> None:
    with pytest.raises(SettingsError, match="--csv or --plot"):
        run(data, "values", "run", "03000010", "--csv", "--plot")


def test_a_search_says_which_changes_it_leaves_out(tmp_path: Path) -> None:
    rows = [log_row(0, 8, address=f"{COUNTER:08X}"), log_row(1, 9, address="03008000")]
    log = write_log(tmp_path / "event_log.csv", rows)
    import_log(ImportOptions(logs=[log], output=tmp_path, session_name="old"), lambda _more: None)
    assert found(tmp_path, "search", "old", "--where", "changed")["left_out"] == 1
    shown = run(tmp_path, "search", "old", "--where", "changed", "--type", "u8")
    assert "1 change is at an address outside of the console's work memory" in shown


def test_regions_ranges_and_alignment_are_chosen_as_they_are_typed(data: Path) -> None:
    def addresses(*words: str) -> list[int]:
        document = found(data, "search", "run", "--where", "changed", "--type", "u8", *words)
        return [candidate["address"] for candidate in document["candidates"]]

    assert addresses("--order", "address") == [0x0200_0100, 0x0200_0104, COUNTER]
    assert addresses("--region", "iwram") == [COUNTER]
    assert addresses("--range", "02000000..020000FF,02000100") == [0x0200_0100]
    assert addresses("--exclude", "02000100..02000104") == [COUNTER]
    assert addresses("--limit", "0") == []


def test_a_search_is_saved_and_run_on_another_session(data: Path, tmp_path: Path) -> None:
    words = ("search", "run", "--where", "= 31 @ 30", "--type", "u8")
    assert "The search is saved as count." in run(data, *words, "--save", "count")
    shared = tmp_path / "count.json"
    run(data, "search", "run", "--load", "count", "--save", str(shared))
    again = found(data, "search", "next", "--load", str(shared), "--where", "times > 3")
    assert [each["filter"] for each in again["filters"]] == ["= 31 @ 30", "times > 3 all"]
    assert [candidate["address"] for candidate in again["candidates"]] == [COUNTER]
    shared.write_text("mine", encoding="utf-8")
    with pytest.raises(SettingsError, match="exists already: choose another file with --save"):
        run(data, *words, "--save", str(shared))
    assert shared.read_text(encoding="utf-8") == "mine"
    with pytest.raises(SettingsError, match="saved: count"):
        run(data, "search", "run")
    with pytest.raises(FilterError, match="There is no saved search 'other'; saved with this session: count"):
        run(data, "search", "run", "--load", "other")


def test_nothing_left_is_answered_with_the_reason(data: Path) -> None:
    shown = run(data, "search", "run", "--where", "= 31 @ 30; = 30 @ 30")
    assert "No address passes both `= 31 @ 30` and `= 30 @ 30`: change one or switch it off." in shown
    with pytest.raises(FilterError, match="at character 6"):
        run(data, "search", "run", "--where", "rose soon")


def test_values_are_listed_drawn_and_written_as_csv(data: Path) -> None:
    lines = run(data, "values", "run", "0x03000010", "--csv").splitlines()
    assert lines[0] == "frame_set,frame,seconds,value"
    assert lines[-1] == "39,1195,3.276,40"
    listed = run(data, "values", "run", "03000010", "--limit", "2")
    assert listed.splitlines()[-1] == "The latest 2 of 40 values; --csv writes all."
    drawn = run(data, "values", "run", "03000010", "--type", "u16", "--plot")
    assert drawn.splitlines()[0].startswith("40 ┤")
    assert "frame sets 0 to 39" in drawn


def test_a_name_stands_for_its_address_and_type(data: Path) -> None:
    run(data, "names", "set", "steps", "--address", "03000010", "--type", "u16", "--session", "run")
    assert run(data, "values", "run", "steps", "--csv") == run(
        data, "values", "run", "03000010", "--type", "u16", "--csv"
    )
    document = found(data, "search", "run", "--where", "changes with steps; times > 30")
    assert document["candidates"][0]["name"] == "steps"
    with pytest.raises(NamesError, match="'stepz' is neither a name of this game nor an address"):
        run(data, "values", "run", "stepz")
    with pytest.raises(AnalysisError, match="08000000 lies in no memory that is recorded: iwram 03000000 to 03007FFF"):
        run(data, "values", "run", "08000000")


def test_memory_is_written_as_it_was(data: Path, tmp_path: Path) -> None:
    output = tmp_path / "dump.bin"
    shown = run(data, "memory", "run", "--at", "30", "--output", str(output))
    image = np.frombuffer(output.read_bytes(), np.uint8)
    assert len(image) == 0x8000 + 0x4_0000
    assert image[0x10] == 31
    assert "Wrote memory after frame set 30" in shown
    assert "ewram 02000000, 262,144 bytes from byte 32,768" in shown
    assert "not known, and zeros there: 294," in shown
    with pytest.raises(SettingsError, match="exists already"):
        run(data, "memory", "run", "--output", str(output))
