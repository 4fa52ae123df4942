"""Terminal of the person at the keyboard: a line for each event above a live status line.

A console may stand still for as long as it likes, see `daemon.console.console_thread`.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.text import Text

from daemon.console.console_thread import ConsoleThread
from protocol.wording import counted

__all__ = ["Terminal", "farewell_text", "losses", "status_text"]

_END_PATIENCE = 1.0
"""Seconds that the end of the program waits for a console that stands still."""

_LINE_END, _INDENTED = "\n", "\n          "

_STATES = {"live": ("●", "green"), "lost": ("○", "yellow"), "ended": ("■", "dim")}


class Terminal:
    """Printer of lines above a status line; a context manager.

    Within it nobody waits for the console or fails with it. What libraries log is printed as well.

    Args:
        console: where to print.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._thread: ConsoleThread | None = None
        self._log = _LogLines(self)

    def __enter__(self) -> Self:
        """Begin to show."""
        self._thread = ConsoleThread(self._print_dropped)
        self._thread.start()
        if self._console.is_terminal:
            # Rich's own redirection of the standard streams would let others wait for the console.
            self._live = Live(
                console=self._console,
                auto_refresh=False,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._thread.put(self._live.start)
        logging.getLogger().addHandler(self._log)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the status line away."""
        logging.getLogger().removeHandler(self._log)
        if self._thread is not None:
            if self._live is not None:
                self._thread.put(self._live.stop)
            self._thread.close(_END_PATIENCE)
        self._live = self._thread = None

    def status(self, text: Text) -> None:
        """Show another status line, where the terminal can."""
        live = self._live
        if live is not None and self._thread is not None:
            self._thread.offer(lambda: live.update(text, refresh=True))

    def line(self, text: str) -> None:
        """Print one event with the time of day."""
        stamp = datetime.now().astimezone().strftime("%H:%M:%S")
        # What follows a line end is indented: it cannot pass for a line of ours.
        self._print(f"[dim]{stamp}[/dim]  {escape(text.rstrip().replace(_LINE_END, _INDENTED))}")

    def picture(self, lines: Sequence[str]) -> None:
        """Print lines of white on black, unless the output is no terminal or cannot show them."""
        if self._console.is_terminal and self._console.encoding.startswith("utf"):
            self._print(*(Text("  ").append(line, "white on black") for line in lines))

    def block(self, title: str, text: str) -> None:
        """Print something to copy: a title, then the text alone on its line."""
        self._print(f"[bold]{escape(title)}[/bold]", f"  {escape(text)}")

    def _print(self, *lines: str | Text) -> None:
        def show() -> None:
            self._console.print(*lines, sep="\n", highlight=False, soft_wrap=True)

        if self._thread is None:
            show()
        else:
            self._thread.put(show)

    def _print_dropped(self, count: int) -> None:
        self._console.print(
            f"[dim](not shown: {counted(count, 'line')}, while this window stood still)[/dim]", highlight=False
        )


class _LogLines(logging.Handler):
    """Log handler for libraries, which by themselves would wait for the console."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__(logging.WARNING)
        self._terminal = terminal

    def emit(self, record: logging.LogRecord) -> None:
        self._terminal.line(self.format(record))


def farewell_text(sessions: Iterable[Mapping[str, Any]]) -> str:
    """Write the last line: everything is stored, or how much is not.

    Args:
        sessions: session summaries.
    """
    sets, screenshots = losses(sessions)
    if not (sets or screenshots):
        return "Everything is stored. Goodbye."
    lost = [counted(sets, "frame set")] * (sets > 0) + [counted(screenshots, "screenshot")] * (screenshots > 0)
    return f"Everything that arrived is stored; {' and '.join(lost)} never arrived. Goodbye."


def losses(sessions: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Count the frame sets and screenshots that were played and are not stored."""
    counts = [(session["lost_sets"], session["lost_screenshots"]) for session in sessions]
    return sum(sets for sets, _ in counts), sum(screenshots for _, screenshots in counts)


def status_text(sessions: Sequence[Mapping[str, Any]], rates: Mapping[str, float], page: str) -> Text:
    """Write the status line.

    Args:
        sessions: session summaries, newest first.
        rates: frame sets per second by session id.
        page: address of the live page, empty without one.
    """
    text = Text()
    open_sessions = [session for session in sessions if session["state"] != "ended"]
    if not open_sessions:
        text.append("○ waiting for BizHawk", "yellow")
    for session in open_sessions[:4]:
        sign, style = _STATES[session["state"]]
        text.append(f"{sign} {session['game_name']} ", style)
        text.append(f"{counted(session['frame_sets'], 'frame set')}, {rates.get(session['session_id'], 0.0):.1f}/s   ")
        if session["problem"]:
            text.append(f"NOT RECORDING: {session['problem']}   ", "bold red")
        if session["flawed_sets"]:
            text.append(f"{session['flawed_sets']} flawed   ", "yellow")
    if len(open_sessions) > 4:
        text.append(f"and {len(open_sessions) - 4} more   ")
    if page:
        text.append(f"  {page}", "dim")
    return text
