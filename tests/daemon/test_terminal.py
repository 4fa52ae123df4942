"""What the person at the keyboard reads."""

import io
import re
from typing import Any

import pytest
from rich.console import Console
from rich.text import Text

from daemon.terminal import Terminal, farewell_text, status_text


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
        terminal.line("Waiting for BizHawk. " + "x" * 100)
        assert re.fullmatch(r"\d\d:\d\d:\d\d  Waiting for BizHawk\. x{100}\n", screen.getvalue())

    @pytest.mark.parametrize("text", ["Pokemon [b1].gba", "[red]not red[/red]", "[/]", "C:\\data\\", "[Errno 28]"])
    def test_what_looks_like_markup_is_read_as_it_is(self, text: str) -> None:
        terminal, screen = written()
        terminal.line(text)
        terminal.block(text, text)
        assert screen.getvalue().count(text) == 3

    def test_something_to_copy_stands_alone_on_its_line(self) -> None:
        terminal, screen = written()
        command = 'EmuHawk.exe --lua="C:\\a b\\event_logger.lua" ' + "x" * 80
        terminal.block("Start BizHawk like this:", command)
        assert screen.getvalue() == f"Start BizHawk like this:\n  {command}\n"


class TestFarewell:
    @pytest.mark.parametrize(
        ("sets", "pictures", "told"),
        [
            (0, 0, "Everything is stored. Goodbye."),
            (1, 0, "What came is stored; 1 frame set did not come. Goodbye."),
            (1200, 2, "What came is stored; 1,200 frame sets and 2 screenshots did not come. Goodbye."),
        ],
    )
    def test_it_says_what_was_lost(self, sets: int, pictures: int, told: str) -> None:
        assert farewell_text([summary(lost_sets=sets, lost_screenshots=pictures)]) == told


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

    def test_it_tells_of_each_session_how_it_is_doing(self) -> None:
        sessions = [summary(), summary(session_id="b", game_name="Other", state="lost", frame_sets=3, flawed_sets=2)]
        told = status_text(sessions, {"run": 11.96}, "http://127.0.0.1:5000").plain
        assert told == (
            "● Tiny 12 frame sets, 12.0/s   ○ Other 3 frame sets, 0.0/s   2 flawed     http://127.0.0.1:5000"
        )

    def test_it_says_loudly_that_nothing_is_recorded(self) -> None:
        told = status_text([summary(state="lost", problem="The disk is full.")], {}, "").plain
        assert told.startswith("○ Tiny 12 frame sets, 0.0/s   NOT RECORDING: The disk is full.")

    def test_of_many_sessions_it_tells_four(self) -> None:
        told = status_text([summary(session_id=str(n)) for n in range(7)], {}, "").plain
        assert told.count("Tiny") == 4
        assert told.endswith("and 3 more   ")
