"""`gbatrace sessions` as it is typed."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.app import command_line
from daemon.names.book_files import edit_book, session_place
from daemon.names.named_address import NamedAddress
from protocol.errors import LayoutError, SessionError, SettingsError
from protocol.session.annotations import Annotations
from protocol.session.layout import session_folder
from protocol.session.reader import SessionReader, session_names
from tests.daemon.importing.made import START, frame_set, make_session, scan


@pytest.fixture
def data(tmp_path: Path) -> Path:
    make_session(tmp_path, "a", [frame_set(0), frame_set(1)])
    make_session(tmp_path, "b", [frame_set(0)], created=START + 1)
    return tmp_path


def run(data: Path, *words: str, answer: str = "", code: int = 0) -> str:
    result = CliRunner().invoke(
        command_line(), ["sessions", *words, "--data", str(data)], input=answer, catch_exceptions=False
    )
    assert result.exit_code == code, result.output
    return result.output


def test_list_and_show(data: Path) -> None:
    (data / "b" / "session_metadata.json").write_bytes(b"{")
    lines = run(data, "list").splitlines()
    assert lines[::2] == ["a", "b"]
    assert "damaged" in lines[3]
    assert "the script ended" in run(data, "show", "a")
    with pytest.raises(SessionError):
        run(data, "show", "c")
    with pytest.raises(LayoutError):
        run(data, "show", "..")


def test_a_name_stands_alone_on_its_line_and_programs_get_json(data: Path) -> None:
    name = "a long name of a session " * 4 + "end"
    make_session(data, name, [frame_set(0)])
    (data / "b" / "session_metadata.json").write_bytes(b"{")
    listed = run(data, "list")
    assert name in listed.splitlines()
    a, long, b = json.loads(run(data, "list", "--json"))
    assert (a["session_id"], a["frame_sets"], a["created"]) == ("a", 2, START)
    assert (long["session_id"], long["damaged"]) == (name, False)
    assert b == {"session_id": "b", "frame_sets": b["frame_sets"], "damaged": True}


def test_rename(data: Path) -> None:
    assert run(data, "rename", "a", "c") == "a is now c.\n"
    assert session_names(data) == ["b", "c"]


def test_delete_asks_first(data: Path) -> None:
    assert "Delete a with its 2 frame sets and all of their labels?" in run(data, "delete", "a", answer="n\n", code=1)
    assert session_names(data) == ["a", "b"]
    run(data, "delete", "a", answer="y\n")
    run(data, "delete", "b", "--yes")
    assert session_names(data) == []


def test_merge(data: Path) -> None:
    assert run(data, "merge", "a", "b", "--into", "c") == "c has the 3 frame sets of a, b.\n"
    with pytest.raises(SettingsError, match="two sessions or more"):
        run(data, "merge", "a", "a", "--into", "d")


def stats(data: Path, *words: str) -> str:
    result = CliRunner().invoke(command_line(), ["stats", *words, "--data", str(data)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_stats_name_busy_addresses(tmp_path: Path) -> None:
    make_session(tmp_path, "a", [frame_set(0, [scan("iwram", 0, [0x0300_0004])])])
    assert "names" not in stats(tmp_path, "a")
    hp = NamedAddress("hp", 0x0300_0006, "u16")
    place = session_place(tmp_path, SessionReader(session_folder(tmp_path, "a")))
    edit_book(place, lambda book: (book.own.with_names([hp]), None))
    assert re.search(r"03000004 +iwram +1 +hp", stats(tmp_path, "a"))


def test_stats_count(tmp_path: Path) -> None:
    sets = [
        (frame_set(0, [scan("iwram", 0, [0x0300_0000])]), Annotations(context="battle"), ()),
        (frame_set(1), None, ()),
    ]
    make_session(tmp_path, "a", (sets, []))
    told = stats(tmp_path, "a", "--addresses", "1")
    assert re.search(r"frame sets +2", told)
    assert re.search(r"battle +1 +50\.0%", told)
    assert re.search(r"03000000 +iwram +1", told)
    make_session(tmp_path, "b", (sets, []))
    assert re.search(r"frame sets +4", stats(tmp_path, "all"))
