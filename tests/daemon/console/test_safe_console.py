"""Output made safe for a terminal: control characters as their escapes."""

import ast
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from daemon.console.safe_console import SafeConsole, printable
from daemon.console.terminal import Terminal, status_text

ROOT = Path(__file__).parents[3]

EVIL = (
    "\x1b]52;c;ZXZpbA==\x1b\\",  # writes into the clipboard
    "\x1b]0;pwned\x07",  # retitles the window
    "\x1b[2J\x1b[1;1H",  # clears it
    "\x9b31m\x85",  # the same with C1
    "\rFAKE LINE",
    "back\x08\x08",
    "\u202egnp.exe",  # reads backwards
    "\u2066\u2069\u200f\u061c\u2028",
    "half \ud800",
    "\x7f\x00\t",
)
UNSAFE = {chr(code) for code in (*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F))}


def console(*, terminal: bool = False) -> tuple[SafeConsole, io.StringIO]:
    screen = io.StringIO()
    return SafeConsole(file=screen, width=200, force_terminal=terminal, color_system=None), screen


@pytest.mark.parametrize("evil", EVIL)
def test_control_characters_are_shown_and_not_sent(evil: str) -> None:
    at, screen = console()
    table = Table("name")
    table.add_row(Text("of a game: ").append(evil))
    for thing in (evil.replace("[", "\\["), Text(evil), table):
        at.print(thing)
    assert UNSAFE.isdisjoint(screen.getvalue()), repr(screen.getvalue())
    screen.getvalue().encode()


def test_they_are_shown_as_their_escapes() -> None:
    at, screen = console()
    at.print("\x1bc\x9b\u202e")
    assert screen.getvalue() == "\\x1bc\\x9b\\u202e\n"


@given(st.text())
def test_everything_else_is_as_it_was(text: str) -> None:
    shown = printable(text)
    assert UNSAFE.isdisjoint(shown)
    assert shown == text or any(not char.isprintable() for char in text)
    assert printable(shown) == shown


@pytest.mark.parametrize("text", ["Pokémon – Ruby", "ポケモン", "שלום", "a\nb", "👾"])
def test_scripts_and_line_ends_pass(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("evil", EVIL)
def test_the_daemons_lines_and_its_status_line_are_safe(evil: str) -> None:
    at, screen = console(terminal=True)
    session = {
        "session_id": "run",
        "state": "live",
        "game_name": evil,
        "problem": evil,
        "frame_sets": 1,
        "flawed_sets": 0,
    }
    with Terminal(at) as terminal:
        terminal.line(f"{evil} was opened")
        terminal.block(evil, evil)
        terminal.status(status_text([session], {}, ""))
    shown = screen.getvalue()
    for part in ("\x1b]", "\x1b[2J\x1b[1;1H", "\x9b", "\x85", "\rFAKE", "\x08", "\u202e", "\u200f", "\x07", "\x00"):
        assert part not in shown


def test_no_name_forges_a_line_of_ours() -> None:
    at, screen = console()
    Terminal(at).line("the game\n12:00:00  Password wrong.")
    assert [line[:8].strip() for line in screen.getvalue().splitlines()][1:] == [""]


def test_no_command_prints_on_another_console() -> None:
    """Rich's own console is made nowhere, but named where a type is meant."""
    made = [
        module.relative_to(ROOT).as_posix()
        for module in (ROOT / "daemon").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Console", "print"}
    ]
    assert made == []
