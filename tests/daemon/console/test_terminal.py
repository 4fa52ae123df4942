"""Lines and status line of the terminal."""

import io
import logging
import re
import threading
import time
from typing import Any

import pytest
from rich.console import Console
from rich.text import Text

from daemon.console.console_thread import MOST_WAITING
from daemon.console.terminal import Terminal, farewell_text, status_text
from tests.fakes.patience import PATIENCE


def written(*, live: bool = False) -> tuple[Terminal, io.StringIO]:
    screen = io.StringIO()
    return Terminal(Console(file=screen, force_terminal=live, width=60, legacy_windows=False)), screen


def summary(**changes: Any) -> dict[str, Any]:
    return {
        "session_id": "run",
        "state": "live",
        "game_name": "Tiny",
        "frame_sets": 12,
        "flawed_sets": 0,
        "problem": "",
        **changes,
    }


class TestLines:
    def test_an_event_is_one_line_with_the_time_of_day(self) -> None:
        terminal, screen = written()
        with terminal:
            terminal.line("Waiting for BizHawk. " + "x" * 100)
        assert re.fullmatch(r"\d\d:\d\d:\d\d  Waiting for BizHawk\. x{100}\n", screen.getvalue())

    @pytest.mark.parametrize("text", ["Pokemon [b1].gba", "[red]not red[/red]", "[/]", "C:\\data\\", "[Errno 28]"])
    def test_what_looks_like_markup_is_read_as_it_is(self, text: str) -> None:
        terminal, screen = written()
        with terminal:
            terminal.line(text)
            terminal.block(text, text)
        assert screen.getvalue().count(text) == 3

    def test_something_to_copy_stands_alone_on_its_line(self) -> None:
        terminal, screen = written()
        command = 'EmuHawk.exe --lua="C:\\a b\\event_logger.lua" ' + "x" * 80
        with terminal:
            terminal.block("Start BizHawk like this:", command)
        assert screen.getvalue() == f"Start BizHawk like this:\n  {command}\n"


class TestFarewell:
    @pytest.mark.parametrize(
        ("sets", "screenshots", "told"),
        [
            (0, 0, "Everything is stored. Goodbye."),
            (1, 0, "Everything that arrived is stored; 1 frame set never arrived. Goodbye."),
            (1200, 2, "Everything that arrived is stored; 1,200 frame sets and 2 screenshots never arrived. Goodbye."),
        ],
    )
    def test_it_says_what_was_lost(self, sets: int, screenshots: int, told: str) -> None:
        assert farewell_text([summary(lost_sets=sets, lost_screenshots=screenshots)]) == told


class TestStatusLine:
    def test_it_is_shown_where_the_terminal_can_and_taken_away(self) -> None:
        terminal, screen = written(live=True)
        with terminal:
            terminal.status(Text("12 frame sets"))
            terminal.line("an event")
        assert "12 frame sets" in screen.getvalue()
        assert "\x1b[" in screen.getvalue()
        assert "\x1b[?25h" in screen.getvalue()

    def test_a_file_gets_only_the_lines(self) -> None:
        terminal, screen = written()
        with terminal:
            terminal.status(Text("12 frame sets"))
            terminal.line("an event")
        assert "frame sets" not in screen.getvalue()

    def test_without_a_session_it_waits(self) -> None:
        assert status_text([summary(state="ended")], {}, "").plain == "○ waiting for BizHawk"

    def test_it_shows_the_state_of_each_session(self) -> None:
        sessions = [summary(), summary(session_id="b", game_name="Other", state="lost", frame_sets=3, flawed_sets=2)]
        told = status_text(sessions, {"run": 11.96}, "http://127.0.0.1:5000").plain
        assert told == (
            "● Tiny 12 frame sets, 12.0/s   ○ Other 3 frame sets, 0.0/s   2 flawed     http://127.0.0.1:5000"
        )

    def test_it_says_loudly_that_nothing_is_recorded(self) -> None:
        told = status_text([summary(state="lost", problem="The disk is full.")], {}, "").plain
        assert told.startswith("○ Tiny 12 frame sets, 0.0/s   NOT RECORDING: The disk is full.")

    def test_of_many_sessions_it_shows_four(self) -> None:
        told = status_text([summary(session_id=str(n)) for n in range(7)], {}, "").plain
        assert told.count("Tiny") == 4
        assert told.endswith("and 3 more   ")


class BlockedConsole(io.StringIO):
    """A console in which text is selected: writers wait until the selection ends."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.reached = threading.Event()

    def write(self, text: str) -> int:
        self.reached.set()
        self.let_go.wait()
        return super().write(text)


class TestTheConsoleStandsStill:
    def test_nobody_waits_for_it_but_its_thread(self) -> None:
        screen = BlockedConsole()
        terminal = Terminal(Console(file=screen, width=60, legacy_windows=False))
        start = time.monotonic()
        with terminal:
            for number in range(2 * MOST_WAITING):
                terminal.line(f"event {number}")
                terminal.status(Text("status"))
                logging.getLogger("asyncio").warning("socket.send() raised exception.")
        assert time.monotonic() - start < PATIENCE
        screen.let_go.set()

    def test_afterwards_it_shows_what_waited_and_says_how_much_did_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("daemon.console.terminal._END_PATIENCE", PATIENCE)
        screen = BlockedConsole()
        terminal = Terminal(Console(file=screen, width=60, legacy_windows=False))
        with terminal:
            terminal.line("event 0")
            assert screen.reached.wait(PATIENCE)
            for number in range(1, 2 * MOST_WAITING):
                terminal.line(f"event {number}")
            screen.let_go.set()
        shown = screen.getvalue()
        assert "event 0\n" in shown
        assert f"event {MOST_WAITING - 10}\n" in shown
        assert re.search(r"\(not shown: \d+ lines, while this window stood still\)", shown)


class Broken(io.StringIO):
    """A pipe whose reader has closed it."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


def test_a_console_that_cannot_be_written_fails_nobody() -> None:
    with Terminal(Console(file=Broken(), width=60, legacy_windows=False)) as terminal:
        terminal.line("an event")
        terminal.line("another")


def test_what_libraries_log_is_a_line_as_well() -> None:
    terminal, screen = written()
    with terminal:
        logging.getLogger("asyncio").warning("socket.send() raised exception.")
    logging.getLogger("asyncio").warning("nobody is told any more")
    assert screen.getvalue()[10:] == "socket.send() raised exception.\n"
