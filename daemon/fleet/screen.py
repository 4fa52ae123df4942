"""Screen of a fleet: recorders, progress and failures, on standard error. Shell."""

import time
from types import TracebackType
from typing import Self

from rich.console import Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table

from daemon.console.safe_console import SafeConsole
from daemon.fleet.schedule import Failure, Running, Schedule
from protocol.console import GBA
from protocol.wording import counted

__all__ = ["FleetScreen", "fleet_picture"]

_ROWS = 16
"""Recorders that are listed."""

_FAILURES = 5
"""Failures that are listed, the last ones."""

_REDRAW = 0.25
"""Seconds between two pictures."""

_HOUR = GBA.frames_per_second * 3600


class FleetScreen:
    """Screen that is drawn again and again; where there is no terminal, a line for each failure.

    Args:
        shown: whether to show anything.
    """

    def __init__(self, *, shown: bool) -> None:
        self._console = SafeConsole(stderr=True, soft_wrap=False)
        self._lives = shown and self._console.is_terminal
        self._shown = shown
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._began = self._drawn = time.monotonic()
        self._frames: int | None = None
        self._failures = 0

    def __enter__(self) -> Self:
        if self._lives:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lives:
            self._live.stop()

    def show(self, schedule: Schedule) -> None:
        """Draw where the fleet stands, four times a second at most."""
        now = time.monotonic()
        if self._frames is None:
            self._frames, self._began = schedule.frames_recorded, now
        if self._shown and not self._lives:
            for failure in schedule.failures[self._failures :]:
                self._console.print(_line(failure))
        self._failures = len(schedule.failures)
        if self._lives and now - self._drawn >= _REDRAW:
            self._drawn = now
            speed = (schedule.frames_recorded - self._frames) / max(now - self._began, _REDRAW)
            self._live.update(fleet_picture(schedule, now, speed), refresh=True)


def fleet_picture(schedule: Schedule, now: float, speed: float) -> RenderableType:
    """Draw where a fleet stands.

    Args:
        schedule: of the fleet.
        now: on the clock of `Running.since`.
        speed: frames a second of all recorders together.
    """
    left = (schedule.frames_total - schedule.frames_recorded) / speed if speed > 0 else None
    head = Table.grid(padding=(0, 2))
    head.add_row(
        ProgressBar(schedule.frames_total, schedule.frames_recorded, width=30),
        f"{schedule.stored:,} of {counted(schedule.total, 'session')} stored",
        f"{schedule.frames_recorded / _HOUR:,.2f} of {schedule.frames_total / _HOUR:,.2f} hours",
        f"{speed:,.0f} frames/s, {speed / GBA.frames_per_second:,.0f} times real time",
        "" if left is None else f"{_duration(left)} left",
    )
    recorders = Table("recorder", "session", "recorded", "for", "try", box=None)
    running = sorted(schedule.running.items(), key=lambda item: item[1].session.number)
    for worker, each in running[:_ROWS]:
        recorders.add_row(worker, *_cells(each, now))
    parts: list[RenderableType] = [head, recorders]
    if len(running) > _ROWS:
        parts.append(f"and {counted(len(running) - _ROWS, 'recorder')} more")
    parts += [_line(failure) for failure in schedule.failures[-_FAILURES:]]
    return Group(*parts)


def _cells(running: Running, now: float) -> tuple[str, ...]:
    part = running.frames / running.session.frames
    return escape(running.session.name), f"{part:4.0%}", _duration(now - running.since), str(running.tries)


def _line(failure: Failure) -> str:
    what = "[red]given up[/red]" if failure.is_final else "[yellow]begun again[/yellow]"
    return f"{escape(failure.session)} {what}: {escape(failure.reason)}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
